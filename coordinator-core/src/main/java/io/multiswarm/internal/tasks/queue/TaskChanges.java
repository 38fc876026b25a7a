package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.TaskStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Changes one task by hand. */
record TaskChanges(NodeContext context, TaskKeys keys, EndedTasks ended) {

  /** False when it had ended otherwise. */
  Mono<Boolean> cancel(String taskId, @Nullable String reason) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_CANCEL)
            .keys(keys.common())
            .arg(context.options().tasks().endedRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(taskId)
            .arg(reason == null ? "" : Json.quote(Failure.shortened(reason)));
    return context
        .link()
        .run(call)
        .flatMap(
            reply ->
                reply.isOk()
                    ? Mono.just(cancelled(Cancelled.from(reply)))
                    : Mono.error(TaskRefusals.unknownTask(taskId)));
  }

  /**
   * @param isCancelled now or before
   * @param endedBytes what ended tasks take
   */
  @ReplyOf(Script.TASK_CANCEL)
  private record Cancelled(boolean isCancelled, long endedBytes) {

    static Cancelled from(ScriptReply reply) {
      return new Cancelled(reply.number(1) == 1, reply.number(2));
    }
  }

  private boolean cancelled(Cancelled told) {
    ended.weigh(told.endedBytes());
    return told.isCancelled();
  }

  Mono<TaskStatus> retry(String taskId) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_RETRY).keys(keys.common()).arg(taskId).arg(Ids.unique("r"));
    return context
        .link()
        .run(call)
        .map(Retried::from)
        .flatMap(
            retried ->
                switch (retried.status()) {
                  case "OK" -> Mono.just(TaskStatus.PENDING);
                  case "NOT_FOUND" -> Mono.error(TaskRefusals.unknownTask(taskId));
                  default -> Mono.error(notDead(taskId, retried.current()));
                });
  }

  /**
   * @param current the task's status, where there is such a task
   */
  @ReplyOf(Script.TASK_RETRY)
  private record Retried(String status, String current) {

    static Retried from(ScriptReply reply) {
      return new Retried(reply.status(), reply.isNull(1) ? "" : reply.string(1));
    }
  }

  private static CoordinationException notDead(String taskId, String status) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "task: %s is %s; only a dead task can be revived",
        taskId,
        status);
  }
}
