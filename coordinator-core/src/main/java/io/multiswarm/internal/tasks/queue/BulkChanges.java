package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.queue.TaskSearch.Page;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskQueue.BulkChange;
import io.multiswarm.tasks.TaskStatus;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Changes all tasks that fit a filter: finds them as a listing does, and changes them a hundred a
 * call, each only if it still is what was found.
 */
record BulkChanges(NodeContext context, TaskKeys keys, TaskSearch search, EndedTasks ended) {

  private static final int A_CALL = 100;

  /** What can be done to many tasks. */
  enum Action {
    CANCEL(task -> !task.status().isEnded()),
    RETRY(task -> task.status() == TaskStatus.DEAD);

    private final Predicate<TaskHead> concerns;

    Action(Predicate<TaskHead> concerns) {
      this.concerns = concerns;
    }
  }

  Mono<BulkChange> all(Action action, TaskFilter filter, int limit) {
    return Mono.defer(
        () -> {
          check(filter, limit);
          Progress progress = new Progress(action, filter, limit);
          return search
              .pages(filter, Double.POSITIVE_INFINITY, TaskSearch.PAGE)
              .concatMap(page -> change(page, progress), 1)
              .then(Mono.fromSupplier(() -> new BulkChange(progress.matched, progress.changed)));
        });
  }

  private static void check(TaskFilter filter, int limit) {
    if (filter.isEmpty()) {
      throw CoordinationException.invalid(
          "filter", "is missing; say which tasks are meant, such as status or type");
    }
    if (limit < 0 || limit > TaskQueue.MOST_CHANGES) {
      throw CoordinationException.invalid(
          "limit", "must be 0 to %d, is %d", TaskQueue.MOST_CHANGES, limit);
    }
  }

  private static final class Progress {
    private final Action action;
    private final TaskFilter filter;
    private final int limit;
    private long matched;
    private long changed;

    Progress(Action action, TaskFilter filter, int limit) {
      this.action = action;
      this.filter = filter;
      this.limit = limit;
    }

    int left() {
      return (int) (limit - changed);
    }
  }

  private Mono<Void> change(Page page, Progress progress) {
    List<TaskHead> meant = page.found().stream().filter(progress.action.concerns).toList();
    progress.matched += meant.size();
    return Flux.fromIterable(meant)
        .buffer(A_CALL)
        .concatMap(some -> changeSome(some, progress), 1)
        .then();
  }

  private Mono<Void> changeSome(List<TaskHead> tasks, Progress progress) {
    List<TaskHead> some = tasks.subList(0, Math.min(tasks.size(), progress.left()));
    return some.isEmpty()
        ? Mono.empty()
        : context
            .link()
            .run(call(some, progress))
            .map(Changed::from)
            .flatMap(
                told -> {
                  progress.changed += told.changed();
                  ended.weigh(told.endedBytes());
                  return changeSome(tasks.subList(told.decided(), tasks.size()), progress);
                });
  }

  /**
   * @param decided of how many tasks it was decided whether they are changed
   * @param endedBytes what ended tasks take
   */
  @ReplyOf(Script.TASK_BULK)
  private record Changed(long changed, int decided, long endedBytes) {

    static Changed from(ScriptReply reply) {
      return new Changed(reply.number(0), (int) reply.number(1), reply.number(2));
    }
  }

  private ScriptCall call(List<TaskHead> tasks, Progress progress) {
    TaskStatus status = progress.filter.status();
    String swarm = progress.filter.swarmId();
    ScriptCall call =
        ScriptCall.of(Script.TASK_BULK)
            .keys(keys.common())
            .key(keys.bulkMemo(Ids.unique("b")))
            .arg(progress.action == Action.CANCEL ? "cancel" : "retry")
            .arg(context.options().tasks().endedRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(status == null ? "" : status.word())
            .arg(swarm == null ? "" : swarm);
    tasks.forEach(task -> call.arg(task.taskId()).arg(task.place()));
    return call;
  }
}
