package io.multiswarm.internal.state;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Instant;

/**
 * What became of a write to a state.
 *
 * @param version the new one, the current one with {@code CONFLICT}, 0 when there is none
 * @param savedAt when the new version was saved
 */
@ReplyOf({Script.STATE_SAVE, Script.SNAPSHOT_RESTORE})
record VersionReply(String status, long version, Instant savedAt) {

  static VersionReply from(ScriptReply reply) {
    return new VersionReply(
        reply.status(),
        reply.isNull(1) ? 0 : reply.number(1),
        Instant.ofEpochMilli(reply.isNull(2) ? 0 : reply.number(2)));
  }

  boolean isOk() {
    return status.equals("OK");
  }
}
