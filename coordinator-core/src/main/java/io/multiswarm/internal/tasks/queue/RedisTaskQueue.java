package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskExplanation;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskQueue.BulkChange;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.tasks.TaskQueue.SubmitResult;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskStatistics;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskStrategies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link TaskQueue} by one script a call. */
public final class RedisTaskQueue implements TaskQueue {

  /** Whoever waits for a hundred years waits without an end; timers know no such times. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private static final int MOST_IN_BATCH = 1_000;

  private final NodeContext context;
  private final TaskKeys keys;
  private final TaskReader reader;
  private final TaskSubmitter submitter;
  private final Following following;
  private final TaskStrategies strategies;
  private final TaskSearch search;
  private final TaskChanges changes;
  private final Function<String, Mono<TaskExplanation>> explainer;

  /** How submitters follow their tasks, to their end and as long as they are kept. */
  public record Following(CompletionWaiters endings, Watchers watchers, EndedTasks ended) {}

  /**
   * @param explainer asked with an id that is well-formed
   */
  public RedisTaskQueue(
      NodeContext context,
      TaskKeys keys,
      TaskReader reader,
      Following following,
      TaskStrategies strategies,
      Function<String, Mono<TaskExplanation>> explainer) {
    this.context = context;
    this.keys = keys;
    this.reader = reader;
    this.following = following;
    this.strategies = strategies;
    this.search = new TaskSearch(context, keys);
    this.changes = new TaskChanges(context, keys, following.ended());
    this.explainer = explainer;
    this.submitter = new TaskSubmitter(context, keys, reader, following.ended(), strategies);
  }

  @Override
  public Mono<Submission> submit(@Nullable String from, NewTask task) {
    if (!context.tracing().isOn()) {
      return submitter.submit(from, task);
    }
    // Chosen before, for to subscribe again is to repeat the submission.
    String id = task.id() == null ? Ids.unique("task") : task.id();
    return context
        .tracing()
        .sending(
            new Tracing.Sending(
                "multiswarm.task.submit", Map.of("multiswarm.task", id), task.traceparent()),
            trace -> submitter.submit(from, task.in(trace, id)));
  }

  @Override
  public Mono<List<SubmitResult>> submitAll(@Nullable String from, List<NewTask> tasks) {
    if (tasks.size() > MOST_IN_BATCH) {
      return Mono.error(
          CoordinationException.invalid(
              "tasks", "must be at most %d, are %d", MOST_IN_BATCH, tasks.size()));
    }
    List<Mono<SubmitResult>> results =
        tasks.stream().map(task -> result(submit(from, task))).toList();
    return Flux.fromIterable(results)
        .flatMapSequential(Function.identity(), MOST_IN_BATCH)
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
        .switchIfEmpty(Mono.error(() -> TaskRefusals.unknownTask(taskId)));
  }

  @Override
  public Mono<TaskPage> list(TaskQuery query) {
    return Mono.defer(
        () -> {
          checkStrategy(query.filter());
          return new TaskLister(search, reader).list(query);
        });
  }

  @Override
  public Mono<Task> await(String taskId, @Nullable Duration timeout) {
    Mono<Task> end =
        Mono.fromSupplier(() -> Ids.check("taskId", taskId)).flatMap(following.endings()::of);
    return timeout == null || timeout.compareTo(FOR_EVER) >= 0
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
  public Mono<TaskExplanation> explain(String taskId) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId)).flatMap(explainer);
  }

  @Override
  public Mono<Boolean> cancel(String taskId, @Nullable String reason) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId))
        .flatMap(id -> changes.cancel(id, reason));
  }

  @Override
  public Mono<Void> adopt(String taskId, long attempt) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId))
        .flatMap(id -> new Adoption(context, keys, reader, following.ended()).adopt(id, attempt));
  }

  @Override
  public Mono<TaskStatus> retry(String taskId) {
    return Mono.fromSupplier(() -> Ids.check("taskId", taskId)).flatMap(changes::retry);
  }

  @Override
  public Mono<BulkChange> cancelAll(TaskFilter filter, int limit) {
    return change(BulkChanges.Action.CANCEL, filter, limit);
  }

  @Override
  public Mono<BulkChange> retryAll(TaskFilter filter, int limit) {
    return change(BulkChanges.Action.RETRY, filter, limit);
  }

  private Mono<BulkChange> change(BulkChanges.Action action, TaskFilter filter, int limit) {
    return Mono.defer(
        () -> {
          checkStrategy(filter);
          return new BulkChanges(context, keys, search, following.ended())
              .all(action, filter, limit);
        });
  }

  private void checkStrategy(TaskFilter filter) {
    if (filter.strategy() != null) {
      strategies.check(filter.strategy());
    }
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
  public Mono<Void> pause() {
    return pause(true);
  }

  @Override
  public Mono<Void> resume() {
    return pause(false);
  }

  private Mono<Void> pause(boolean on) {
    return Mono.fromSupplier(
            () ->
                context
                    .appending(Script.TASK_PAUSE)
                    .key(context.keys().paused())
                    .key(context.keys().signals())
                    .keys(context.keys().history("swarm:events"))
                    .arg(on ? 1 : 0))
        .flatMap(context.link()::run)
        .then();
  }

  @Override
  public Mono<TaskStatistics> statistics() {
    return TaskStatisticsReader.read(context, keys);
  }
}
