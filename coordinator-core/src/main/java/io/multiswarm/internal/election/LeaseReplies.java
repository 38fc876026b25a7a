package io.multiswarm.internal.election;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.Optional;

/** What the scripts {@code leader_*} tell of the lease. */
@ReplyOf({Script.LEADER_CAMPAIGN, Script.LEADER_RENEW, Script.LEADER_LOOK})
final class LeaseReplies {

  private static final String HELD = "HELD";
  private static final String SPENT = "SPENT";

  /** {@code PTTL} of a key that never expires: a foreign value that was set by hand. */
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private LeaseReplies() {}

  /** To who wants the lease, or wants to keep it. */
  static LeaseAnswer answer(ScriptReply reply) {
    String status = reply.status();
    if (reply.isOk()) {
      return new LeaseAnswer.Granted(reply.number(1), Duration.ofMillis(reply.number(2)));
    }
    if (status.equals(HELD)) {
      return new LeaseAnswer.Held(leader(reply, 1));
    }
    if (status.equals(SPENT) || status.equals(ErrorCode.FENCED.name())) {
      return new LeaseAnswer.Denied();
    }
    throw new IllegalStateException("unknown answer of a leader script: " + status);
  }

  /** To who only looks. */
  static Optional<LeaderInfo> leader(ScriptReply reply) {
    return reply.isNull(0) ? Optional.empty() : Optional.of(leader(reply, 0));
  }

  private static LeaderInfo leader(ScriptReply reply, int from) {
    String node = reply.string(from + 2);
    long left = reply.number(from + 3);
    return new LeaderInfo(
        reply.string(from),
        reply.number(from + 1),
        node.isEmpty() ? null : node,
        left < 0 ? FOR_EVER : Duration.ofMillis(left));
  }
}
