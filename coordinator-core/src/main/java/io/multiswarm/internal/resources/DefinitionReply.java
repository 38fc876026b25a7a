package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;

/**
 * What became of a pool's definition.
 *
 * @param available of it, when it is defined
 * @param held of it, when that is more than its total was to be
 */
@ReplyOf(Script.RESOURCE_DEFINE)
record DefinitionReply(String status, long available, long held) {

  static DefinitionReply from(ScriptReply reply) {
    String status = reply.status();
    return new DefinitionReply(
        status,
        reply.isOk() ? reply.number(1) : 0,
        status.equals("FAILED_PRECONDITION") ? reply.number(1) : 0);
  }

  boolean isOk() {
    return status.equals("OK");
  }
}
