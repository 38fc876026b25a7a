package io.multiswarm.internal.tasks.store;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.ScriptReply;
import reactor.core.publisher.Mono;

/** The status words of the task scripts as errors. */
public final class TaskRefusals {

  private TaskRefusals() {}

  public static CoordinationException unknownTask(String taskId) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND, "task: %s is not known, or no longer kept", taskId);
  }

  /** What is kept for a task is no record of one. */
  static CoordinationException unreadable(String taskId, RuntimeException why) {
    return CoordinationException.of(
            ErrorCode.FAILED_PRECONDITION,
            "task: %s is known, but its record in Redis is damaged; submit it anew, under another id",
            taskId)
        .causedBy(why);
  }

  /** A report that was not accepted. */
  public static CoordinationException ofReport(
      String word, String swarmId, String taskId, long attempt) {
    return switch (word) {
      case "NOT_FOUND" -> unknownTask(taskId);
      case "SWARM_NOT_FOUND" -> OwnerRefusals.unknown(swarmId);
      default ->
          CoordinationException.of(
              ErrorCode.FENCED,
              "task: %s, attempt: %d is not the current attempt of swarm %s; drop what it gave",
              taskId,
              attempt,
              swarmId);
    };
  }

  public static CoordinationException ofCredit(String word, String swarmId) {
    return switch (word) {
      case "NOT_FOUND" -> OwnerRefusals.unknown(swarmId);
      case "DETACHED" ->
          CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION, "swarm: %s is not attached; attach it first", swarmId);
      default -> notHeld(swarmId);
    };
  }

  public static CoordinationException notHeld(String swarmId) {
    return CoordinationException.of(
        ErrorCode.FENCED, "swarm: %s is no longer held here; attach it again", swarmId);
  }

  public static CoordinationException leadershipOver(long epoch) {
    return CoordinationException.of(ErrorCode.FENCED, "leadership: epoch %d is over", epoch);
  }

  /** The reply to a call of the leader's, or the end of the leadership. */
  public static Mono<ScriptReply> unlessFenced(ScriptReply reply, Leader leader) {
    return reply.isOk() ? Mono.just(reply) : Mono.error(leadershipOver(leader.epoch()));
  }
}
