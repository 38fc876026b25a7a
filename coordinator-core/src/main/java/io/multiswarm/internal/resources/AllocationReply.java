package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.Grant;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where an allocation stands.
 *
 * @param grant null until it is granted
 * @param deadline of its waiting, in the milliseconds of Redis, and {@code left} until then
 * @param type that it is refused for
 * @param amount the total of the type with {@code TOO_MUCH}, what is available of it with {@code
 *     EXHAUSTED}, the calls that wait with {@code LINE_FULL}
 * @param othersFirst whether it is refused because others wait already
 */
@ReplyOf(Script.RESOURCE_ALLOCATE)
record AllocationReply(
    String status,
    @Nullable Grant grant,
    long deadline,
    Duration left,
    String type,
    long amount,
    boolean othersFirst) {

  static AllocationReply from(ScriptReply reply) {
    String status = reply.status();
    return switch (status) {
      case "OK" ->
          new AllocationReply(status, Grant.parse(reply.string(1)), 0, Duration.ZERO, "", 0, false);
      case "WAITING" ->
          new AllocationReply(
              status,
              null,
              reply.number(1),
              Duration.ofMillis(Math.max(1, reply.number(2))),
              "",
              0,
              false);
      case "UNKNOWN" -> refused(status, reply.string(1), 0, false);
      case "TOO_MUCH" -> refused(status, reply.string(1), reply.number(2), false);
      case "EXHAUSTED" -> refused(status, reply.string(1), reply.number(2), reply.number(3) == 1);
      case "LINE_FULL" -> refused(status, "", reply.number(1), false);
      default -> refused(status, "", 0, false);
    };
  }

  private static AllocationReply refused(
      String status, String type, long amount, boolean othersFirst) {
    return new AllocationReply(status, null, 0, Duration.ZERO, type, amount, othersFirst);
  }

  boolean isWaiting() {
    return status.equals("WAITING");
  }
}
