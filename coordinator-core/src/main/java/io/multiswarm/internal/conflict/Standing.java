package io.multiswarm.internal.conflict;

import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a conflict stands.
 *
 * @param a one contestant, and {@code b} the other; empty when the conflict is not known
 * @param left of the vote while it is open
 * @param verdict null until it is decided
 */
@ReplyOf({Script.CONFLICT_OPEN, Script.CONFLICT_DECIDE})
record Standing(String status, String a, String b, Duration left, @Nullable Verdict verdict) {

  record Verdict(
      String winner,
      String loser,
      ConflictStrategy strategy,
      String reason,
      Map<String, Long> votes) {}

  static Standing from(ScriptReply reply) {
    String status = reply.status();
    return switch (status) {
      case "DECIDED" ->
          new Standing(status, reply.string(5), reply.string(7), Duration.ZERO, verdict(reply));
      case "OPEN" ->
          new Standing(
              status,
              reply.string(2),
              reply.string(3),
              Duration.ofMillis(Math.max(1, reply.number(1))),
              null);
      case "OTHER" -> new Standing(status, reply.string(1), reply.string(2), Duration.ZERO, null);
      default -> new Standing(status, "", "", Duration.ZERO, null);
    };
  }

  private static Verdict verdict(ScriptReply reply) {
    ConflictStrategy strategy = ConflictStrategy.parse(reply.string(3));
    Map<String, Long> votes = new LinkedHashMap<>();
    if (strategy == ConflictStrategy.VOTING) {
      votes.put(reply.string(5), reply.number(6));
      votes.put(reply.string(7), reply.number(8));
    }
    return new Verdict(reply.string(1), reply.string(2), strategy, reply.string(4), votes);
  }

  boolean isOpen() {
    return status.equals("OPEN");
  }

  /** Whether there is, or was, such a conflict. */
  boolean isKnown() {
    return !status.equals("UNKNOWN");
  }

  /** Whether it is between these two, and of the kind that was asked for. */
  boolean isBetween(String one, String other) {
    return !status.equals("OTHER") && Set.of(a, b).equals(Set.of(one, other));
  }
}
