package io.multiswarm.internal.registry;

import io.multiswarm.common.Json;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmMetadata;
import io.multiswarm.registry.SwarmMode;
import io.multiswarm.registry.SwarmStatus;
import java.time.Instant;

/**
 * A swarm as {@code swarm_fields} of lib/registry gives it.
 *
 * @param revision grows with each change; what a compare-and-set compares
 */
@ReplyOf(Script.SWARM_READ)
record SwarmFields(Swarm swarm, long revision) {

  static SwarmFields from(ScriptReply fields) {
    return new SwarmFields(swarm(fields), fields.number(15));
  }

  private static Swarm swarm(ScriptReply fields) {
    return new Swarm(
        fields.string(0),
        Json.trusted(fields.bytes(1)).as(String.class),
        Json.trusted(fields.bytes(2)).as(String.class),
        SwarmMode.parse("mode", fields.string(3)),
        (int) fields.number(4),
        SwarmStatus.parse("status", fields.string(5)),
        Instant.ofEpochMilli(fields.number(6)),
        Instant.ofEpochMilli(fields.number(7)),
        Instant.ofEpochMilli(fields.number(18)),
        Json.trusted(fields.bytes(8)),
        SwarmMetadata.stored(Json.trusted(fields.bytes(9))),
        new Swarm.Metrics(
            fields.number(10), fields.number(11), fields.number(12), fields.number(13)),
        (int) fields.number(19),
        fields.number(14),
        fields.number(17) == 1,
        fields.number(16) == 1);
  }
}
