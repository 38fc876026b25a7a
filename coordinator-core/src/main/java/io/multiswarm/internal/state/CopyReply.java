package io.multiswarm.internal.state;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.List;

/**
 * What became of a copy that was to be made.
 *
 * @param entry of the copy in the list of all; empty when it was not made
 * @param present the ids of all that there are, when the call has to name them
 */
@ReplyOf({Script.SNAPSHOT_CREATE, Script.CHECKPOINT_CREATE})
record CopyReply(String status, String entry, List<String> present) {

  private static final String STALE = "STALE";

  static CopyReply from(ScriptReply reply) {
    String status = reply.status();
    return new CopyReply(
        status,
        reply.isOk() ? reply.string(1) : "",
        status.equals(STALE) ? reply.strings(1) : List.of());
  }

  /** Whether the call is to come again with the keys of those that are present. */
  boolean isStale() {
    return status.equals(STALE);
  }
}
