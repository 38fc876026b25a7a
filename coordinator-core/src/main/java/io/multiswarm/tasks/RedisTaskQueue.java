package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link TaskQueue} by one script a call. */
final class RedisTaskQueue implements TaskQueue {

  private static final int MOST_IN_BATCH = 1_000;

  /** A task changes hands between two looks of a cancellation; rarely, and never often in a row. */
  private static final int CANCEL_LOOKS = 10;

  private final NodeContext context;
  private final TaskKeys keys;
  private final TaskReader reader;
  private final Submitter submitter;
  private final Following following;
  private final TaskStrategies strategies;

  /** How submitters follow their tasks. */
  record Following(Endings endings, Watchers watchers) {}

  RedisTaskQueue(
      NodeContext context,
      TaskKeys keys,
      TaskReader reader,
      Following following,
      TaskStrategies strategies) {
    this.context = context;
    this.keys = keys;
    this.reader = reader;
    this.following = following;
    this.strategies = strategies;
    this.submitter = new Submitter(context, keys, reader, strategies);
  }

  @Override
  public Mono<Submission> submit(@Nullable String from, NewTask task) {
    return submitter.submit(from, task);
  }

  @Override
  public Mono<List<SubmitResult>> submitAll(@Nullable String from, List<NewTask> tasks) {
    if (tasks.isEmpty() || tasks.size() > MOST_IN_BATCH) {
      return Mono.error(
          CoordinationException.invalid(
              "tasks: must be 1 to %d, are %d", MOST_IN_BATCH, tasks.size()));
    }
    return Flux.fromIterable(tasks)
        .flatMapSequential(task -> result(submit(from, task)), MOST_IN_BATCH)
        .collectList();
  }

  private static Mono<SubmitResult> result(Mono<Submission> submission) {
    return submission
        .map(accepted -> new SubmitResult(accepted, null))
        .onErrorResume(
            CoordinationException.class, refusal -> Mono.just(new SubmitResult(null, refusal)));
  }

  @Override
  public Mono<TaskHandle> distribute(@Nullable String from, NewTask task) {
    return submit(from, task).map(accepted -> new FollowedTask(accepted.taskId(), this));
  }

  @Override
  public Mono<Task> get(String taskId) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId))
        .flatMap(reader::find)
        .switchIfEmpty(Mono.error(() -> Refusals.unknownTask(taskId)));
  }

  @Override
  public Mono<TaskPage> list(TaskQuery query) {
    return new TaskLister(context.link().reads(), keys, reader).list(query);
  }

  @Override
  public Mono<Task> await(String taskId, @Nullable Duration timeout) {
    Mono<Task> end =
        Mono.fromSupplier(() -> Ids.check("taskId", taskId)).flatMap(following.endings()::of);
    return timeout == null
        ? end
        : end.timeout(timeout, Mono.error(() -> late(taskId, timeout)), context.scheduler());
  }

  private static CoordinationException late(String taskId, Duration timeout) {
    return CoordinationException.of(
        ErrorCode.DEADLINE_EXCEEDED,
        "task: %s has not ended within %d ms; wait again",
        taskId,
        timeout.toMillis());
  }

  @Override
  public Mono<Boolean> cancel(String taskId, @Nullable String reason) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId))
        .flatMap(id -> cancel(id, reason == null ? "" : note(reason), "", CANCEL_LOOKS));
  }

  private Mono<Boolean> cancel(String taskId, String reason, String holder, int looks) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_CANCEL)
            .keys(keys.common())
            .key(keys.task(taskId))
            .key(keys.assigned(holder))
            .arg(context.options().tasks().endedRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(holder)
            .arg(reason);
    return context
        .link()
        .run(call)
        .flatMap(
            reply ->
                switch (reply.status()) {
                  case "OK" -> Mono.just(reply.number(1) == 1);
                  case "HOLDER" ->
                      looks > 0
                          ? cancel(taskId, reason, reply.string(1), looks - 1)
                          : Mono.error(busy(taskId));
                  default -> Mono.error(Refusals.unknownTask(taskId));
                });
  }

  private static String note(String reason) {
    return Json.quote(Failure.shortened(reason));
  }

  private static CoordinationException busy(String taskId) {
    return CoordinationException.of(
        ErrorCode.CONFLICT, "task: %s changes hands all the time; try again", taskId);
  }

  @Override
  public Mono<TaskStatus> retry(String taskId) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId))
        .flatMap(
            id ->
                context
                    .link()
                    .run(ScriptCall.of(Script.TASK_RETRY).keys(keys.common()).key(keys.task(id))))
        .flatMap(
            reply ->
                switch (reply.status()) {
                  case "OK" -> Mono.just(TaskStatus.PENDING);
                  case "NOT_FOUND" -> Mono.error(Refusals.unknownTask(taskId));
                  default ->
                      Mono.error(
                          CoordinationException.of(
                              ErrorCode.FAILED_PRECONDITION,
                              "task: %s is %s; only a dead task can be revived",
                              taskId,
                              reply.string(1)));
                });
  }

  @Override
  public Flux<TaskUpdate> watch(String taskId) {
    return following.watchers().task(Ids.check("taskId", taskId));
  }

  @Override
  public Flux<TaskUpdate> watchFrom(String swarmId) {
    return following.watchers().submitter(Ids.checkSwarm("from", swarmId));
  }

  @Override
  public Mono<Void> useStrategy(String name) {
    return Mono.fromSupplier(() -> strategies.check(name))
        .flatMap(
            known ->
                context
                    .link()
                    .run(
                        ScriptCall.of(Script.TASK_STRATEGY)
                            .key(keys.strategy())
                            .key(context.keys().signals())
                            .arg(known)))
        .then();
  }

  @Override
  public Mono<TaskStatistics> statistics() {
    return StatisticsReader.read(context.link(), keys);
  }
}
