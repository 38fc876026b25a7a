package io.multiswarm.internal.messaging;

import io.multiswarm.common.Json;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param position where it is stored; null when it was refused
 * @param answer that it had before, when it was sent again
 * @param swarm that a refusal is about; empty otherwise
 */
@ReplyOf(Script.REQUEST_SEND)
record RequestSent(
    String status, @Nullable Position position, @Nullable Json answer, String swarm) {

  static RequestSent from(ScriptReply reply) {
    return reply.isOk()
        ? new RequestSent(
            reply.status(),
            new Position(reply.string(1), reply.number(2)),
            reply.isNull(3) ? null : Json.trusted(reply.bytes(3)),
            "")
        : new RequestSent(reply.status(), null, null, reply.string(1));
  }
}
