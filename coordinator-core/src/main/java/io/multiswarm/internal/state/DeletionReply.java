package io.multiswarm.internal.state;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;

/**
 * Of a deletion.
 *
 * @param existed whether there was something to delete
 */
@ReplyOf({Script.STATE_DELETE, Script.SNAPSHOT_DELETE})
record DeletionReply(boolean existed) {

  static DeletionReply from(ScriptReply reply) {
    return new DeletionReply(reply.number(1) == 1);
  }
}
