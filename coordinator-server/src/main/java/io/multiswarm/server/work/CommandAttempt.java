package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * One attempt at a task, from its directory to its outcome. Called on the runner's thread alone,
 * which never waits for it.
 */
final class CommandAttempt {

  private static final Logger log = LoggerFactory.getLogger(CommandAttempt.class);

  /** Why a command is told to end. */
  enum Stop {
    /** The attempt is over; what is reported of it counts no more. */
    FENCED,
    /** The runner stops. */
    GIVEN_BACK,
    OVER_TIME
  }

  private final Lease lease;
  private final Workshop workshop;
  private final Disposable.Composite timers = Disposables.composite();
  private @Nullable Stop stop;
  private @Nullable Running running;
  private boolean hasEnded;

  private record Running(TaskProcess process, TaskOutput output) {}

  CommandAttempt(Lease lease, Workshop workshop) {
    this.lease = lease;
    this.workshop = workshop;
  }

  Lease lease() {
    return lease;
  }

  /** Why it was told to end; null when it was not. */
  @Nullable Stop stopped() {
    return stop;
  }

  /** Whether the command has ended, so that only its report is left. */
  boolean hasEnded() {
    return hasEnded;
  }

  /** Runs it. Emits what became of it, on the runner's thread; never fails. */
  Mono<CommandOutcome> outcome() {
    Duration limit = workshop.commands().limit();
    long deadline = workshop.loop().now(TimeUnit.MILLISECONDS) + limit.toMillis();
    return Mono.fromCallable(() -> workshop.directories().prepare(lease))
        .flatMap(place -> Mono.using(() -> log(), log -> run(place, log, deadline), this::close))
        .subscribeOn(workshop.blocking())
        .onErrorResume(failure -> Mono.just(notRun(failure)))
        .publishOn(workshop.loop())
        .doOnNext(outcome -> end())
        .map(outcome -> isOverTime(outcome) ? CommandOutcome.overTime(limit) : outcome)
        .doOnSubscribe(begun -> after(limit, () -> stop(Stop.OVER_TIME)));
  }

  private boolean isOverTime(CommandOutcome outcome) {
    return stop == Stop.OVER_TIME && outcome instanceof CommandOutcome.Failed;
  }

  private TaskLog log() throws IOException {
    return TaskLog.create(workshop.state().log(lease.key()), workshop.places().logBytes());
  }

  private void close(TaskLog taskLog) {
    try {
      taskLog.close();
    } catch (IOException e) {
      log.warn("{}: the end of its log is lost: {}", lease.key(), e.getMessage());
    }
  }

  private Mono<CommandOutcome> run(WorkPlaces.Place place, TaskLog taskLog, long deadline) {
    TaskOutput output = new TaskOutput(taskLog);
    return Mono.fromCallable(() -> start(place, output, deadline))
        .subscribeOn(workshop.blocking())
        .publishOn(workshop.loop())
        .doOnNext(process -> started(new Running(process, output)))
        .flatMap(process -> Mono.fromFuture(process.ended()))
        .publishOn(workshop.blocking())
        .map(code -> outcome(code, place.result(), output));
  }

  private TaskProcess start(WorkPlaces.Place place, TaskOutput output, long deadline)
      throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    workshop.commands().secrets().forEach(name -> environment.put(name, ""));
    environment.put("TASK_ID", lease.key().taskId());
    environment.put("TASK_ATTEMPT", Long.toString(lease.key().attempt()));
    environment.put("TASK_DEADLINE", Long.toString(deadline));
    environment.put("TASK_FILE", place.input().toString());
    environment.put("TASK_RESULT_FILE", place.result().toString());
    return TaskProcess.start(
        workshop.supervision(),
        new TaskProcess.Start(
            workshop.commands().line(), place.directory(), place.input(), environment),
        output,
        workshop.blocking()::schedule);
  }

  private void started(Running now) {
    running = now;
    log.info("{}: process {}", lease.key(), now.process().pid());
    if (stop != null) {
      terminate(now);
    }
  }

  /** May wait. */
  private CommandOutcome outcome(int exitCode, Path resultFile, TaskOutput output) {
    if (exitCode != 0) {
      return CommandOutcome.failed(exitCode, workshop.commands().retryAny(), output.errors());
    }
    if (!Files.exists(resultFile)) {
      return new CommandOutcome.Completed(output.result());
    }
    if (!Files.isRegularFile(resultFile)) {
      // A pipe may have no end, nor may a device.
      return CommandOutcome.noFile(resultFile);
    }
    try (InputStream file = Files.newInputStream(resultFile)) {
      byte[] result = file.readNBytes(TaskOutput.LONGEST_RESULT + 1);
      return result.length > TaskOutput.LONGEST_RESULT
          ? CommandOutcome.tooLarge(resultFile, TaskOutput.LONGEST_RESULT)
          : new CommandOutcome.Completed(TaskOutput.result(result));
    } catch (IOException e) {
      return CommandOutcome.notRun("its result was not read: " + e.getMessage());
    }
  }

  private CommandOutcome notRun(Throwable failure) {
    log.warn("{}: {}", lease.key(), failure.toString());
    return CommandOutcome.notRun("the runner could not run it: " + failure.getMessage());
  }

  private void end() {
    hasEnded = true;
    timers.dispose();
  }

  /** Tells the command to end: SIGTERM, later SIGKILL. The first reason counts. */
  void stop(Stop reason) {
    if (stop != null || hasEnded) {
      return;
    }
    stop = reason;
    log.info("{}: told to end, {}", lease.key(), reason);
    if (running != null) {
      terminate(running);
    }
  }

  private void terminate(Running now) {
    signal(now, "TERM");
    after(workshop.commands().killAfter(), () -> signal(now, "KILL"));
  }

  private void signal(Running now, String name) {
    workshop.blocking().schedule(() -> now.process().signal(name));
  }

  private void after(Duration delay, Runnable action) {
    timers.add(workshop.loop().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The newest progress, once; null when there was none since. */
  @Nullable Json takeProgress() {
    return running == null ? null : running.output().takeProgress();
  }

  void putBack(Json progress) {
    if (running != null) {
      running.output().putBack(progress);
    }
  }
}
