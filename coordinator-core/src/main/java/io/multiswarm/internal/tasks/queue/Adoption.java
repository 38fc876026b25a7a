package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.Task.LateResult;
import reactor.core.publisher.Mono;

/**
 * Completes a task with a late result. Which swarm gave it is read first, for its record is counted
 * in; it never changes for an attempt, and the script compares it.
 */
record Adoption(NodeContext context, TaskKeys keys, TaskReader reader, EndedTasks ended) {

  private static final String NOBODY = "";

  Mono<Void> adopt(String taskId, long attempt) {
    return reader
        .find(taskId)
        .switchIfEmpty(Mono.error(() -> TaskRefusals.unknownTask(taskId)))
        .map(task -> call(task, attempt))
        .flatMap(context.link()::run)
        .map(Adopted::from)
        .flatMap(
            adopted ->
                switch (adopted.status()) {
                  case "OK" -> Mono.<Void>fromRunnable(() -> ended.weigh(adopted.endedBytes()));
                  case "NOT_FOUND" -> Mono.error(TaskRefusals.unknownTask(taskId));
                  case "NO_RESULT" -> Mono.error(noResult(taskId, attempt));
                  default -> Mono.error(ended(taskId, adopted.current()));
                });
  }

  /**
   * @param current the task's status, when it ended otherwise
   * @param endedBytes what ended tasks take
   */
  @ReplyOf(Script.TASK_ADOPT)
  private record Adopted(String status, String current, long endedBytes) {

    static Adopted from(ScriptReply reply) {
      return new Adopted(
          reply.status(),
          reply.isNull(1) ? "" : reply.string(1),
          reply.isNull(2) ? 0 : reply.number(2));
    }
  }

  private ScriptCall call(Task task, long attempt) {
    String swarm =
        task.lateResults().stream()
            .filter(late -> late.attempt() == attempt)
            .map(LateResult::swarmId)
            .findFirst()
            .orElse(NOBODY);
    return context
        .appending(Script.TASK_ADOPT)
        .keys(keys.common())
        .key(keys.record(swarm))
        .arg(context.options().tasks().endedRetention())
        .arg(keys.nodeSignalPrefix())
        .arg(task.id())
        .arg(attempt)
        .arg(swarm);
  }

  private static CoordinationException noResult(String taskId, long attempt) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND,
        "task: %s, attempt: %d has no late result that was kept whole; lateResults lists them",
        taskId,
        attempt);
  }

  private static CoordinationException ended(String taskId, String status) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "task: %s is %s, so no late result can become its result",
        taskId,
        status);
  }
}
