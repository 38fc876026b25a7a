package io.multiswarm.internal.registry;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.Swarm;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a script says that writes a swarm.
 *
 * @param swarm as it is then; null when it was refused
 * @param current status of the swarm, of which the wanted one cannot follow; empty otherwise
 */
@ReplyOf({Script.SWARM_REGISTER, Script.SWARM_ATTACH, Script.SWARM_UPDATE})
record SwarmReply(String status, @Nullable Swarm swarm, String current) {

  static SwarmReply from(ScriptReply reply) {
    String status = reply.status();
    return new SwarmReply(
        status,
        reply.isOk() ? SwarmFields.from(reply.list(1)).swarm() : null,
        status.equals("FAILED_PRECONDITION") ? reply.string(1) : "");
  }

  /** Of one that was not refused. */
  Swarm accepted() {
    return Objects.requireNonNull(swarm);
  }
}
