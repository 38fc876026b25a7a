package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Waits for tasks to end. One entry a task, however many wait for it; a signal makes it read the
 * task. Because signals can be lost, the records of many are looked at together when {@link
 * #REREAD} has passed, and at once upon a reset; what was submitted is read of those alone that
 * have ended.
 */
public final class CompletionWaiters implements TaskTransitions.Listener {

  private static final Duration REREAD = Duration.ofSeconds(5);
  private static final int REREADS_A_ROUND = 10_000;
  private static final int REREADS_A_CALL = 100;
  private static final int CALLS_AT_ONCE = 4;

  private final TaskReader reader;
  private final Scheduler scheduler;
  private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
  private final Disposable rereading;

  private static final class Awaited {
    final Sinks.One<Task> end = Sinks.one();
    int waiting;
    volatile long readAt;
  }

  public CompletionWaiters(TaskReader reader, Scheduler scheduler) {
    this.reader = reader;
    this.scheduler = scheduler;
    this.rereading =
        Flux.interval(REREAD, scheduler).onBackpressureDrop().subscribe(tick -> rereadOld());
  }

  /**
   * The task when it has ended; {@code NOT_FOUND} when it is not known. It begins with a read,
   * whose error ends it: a call that is made while Redis is away fails fast, one that waits already
   * goes on waiting.
   */
  Mono<Task> of(String taskId) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> join(taskId)),
        // Read only after the entry is there: an end from now on is signalled to it.
        entry -> look(taskId, entry).then(entry.end.asMono()),
        entry -> Mono.fromRunnable(() -> leave(taskId, entry)));
  }

  private Awaited join(String taskId) {
    return awaited.compute(
        taskId,
        (id, present) -> {
          Awaited kept = present == null ? new Awaited() : present;
          kept.waiting++;
          return kept;
        });
  }

  private void leave(String taskId, Awaited entry) {
    awaited.computeIfPresent(
        taskId, (id, present) -> present == entry && --present.waiting == 0 ? null : present);
  }

  @Override
  public boolean isListening() {
    return !awaited.isEmpty();
  }

  @Override
  public void moved(Move move) {
    if (move.update().status().isEnded()) {
      read(move.update().taskId());
    }
  }

  @Override
  public void reset() {
    awaited.values().forEach(entry -> entry.readAt = 0);
    rereadOld();
  }

  public void close() {
    rereading.dispose();
  }

  private void rereadOld() {
    long before = now() - REREAD.toMillis() + 1;
    Flux.fromStream(
            awaited.entrySet().stream()
                .filter(entry -> entry.getValue().readAt < before)
                .limit(REREADS_A_ROUND)
                .map(Map.Entry::getKey))
        .buffer(REREADS_A_CALL)
        .flatMap(this::reread, CALLS_AT_ONCE)
        .subscribe();
  }

  /** Redis is away or overloaded when that fails: the next round reads again. */
  private Mono<Void> reread(List<String> taskIds) {
    readAt(now(), taskIds);
    return reader
        .settled(taskIds)
        .doOnNext(settled -> settled.forEach(this::read))
        .doOnError(error -> readAt(0, taskIds))
        .onErrorComplete()
        .then();
  }

  private void readAt(long at, List<String> taskIds) {
    for (String taskId : taskIds) {
      Awaited entry = awaited.get(taskId);
      if (entry != null) {
        entry.readAt = at;
      }
    }
  }

  /** The same when that fails. */
  private void read(String taskId) {
    Awaited entry = awaited.get(taskId);
    if (entry != null) {
      look(taskId, entry).subscribe(null, error -> {});
    }
  }

  private Mono<Void> look(String taskId, Awaited entry) {
    return Mono.defer(
        () -> {
          entry.readAt = now();
          return reader
              .find(taskId)
              .map(Optional::of)
              .defaultIfEmpty(Optional.empty())
              .doOnNext(found -> settle(taskId, entry, found))
              .doOnError(error -> entry.readAt = 0)
              .then();
        });
  }

  /** Another read may have been first, with the same outcome: what the sink answers is no news. */
  private static void settle(String taskId, Awaited entry, Optional<Task> found) {
    if (found.isEmpty()) {
      entry.end.tryEmitError(TaskRefusals.unknownTask(taskId));
    } else if (found.get().status().isEnded()) {
      entry.end.tryEmitValue(found.get());
    }
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }
}
