package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.Swarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads swarms whole: record, attachment, heartbeat and load in one step. */
final class SwarmReader {

  /** Swarms a call; a script of so many takes about a millisecond. */
  static final int BATCH = 100;

  /** A swarm with the revision that a compare-and-set needs. */
  record Versioned(Swarm swarm, long revision) {}

  private final NodeContext context;

  SwarmReader(NodeContext context) {
    this.context = context;
  }

  Mono<Swarm> get(String swarmId) {
    return versioned(swarmId).map(Versioned::swarm);
  }

  Mono<Versioned> versioned(String swarmId) {
    return fetch(List.of(swarmId))
        .map(
            reply -> {
              if (reply.isNull(0)) {
                throw OwnerRefusals.unknown(swarmId);
              }
              return found(swarmId, reply, 0).orElseThrow(() -> Refusal.unreadable(swarmId));
            });
  }

  /**
   * One item an id, in their order, empty for those that are not registered or not readable; at
   * most {@link #BATCH} ids. Of large swarms, only the first ones, but one at least.
   */
  Mono<List<Optional<Versioned>>> some(List<String> swarmIds) {
    return fetch(swarmIds)
        .map(
            reply -> {
              List<Optional<Versioned>> found = new ArrayList<>(reply.size());
              for (int i = 0; i < reply.size(); i++) {
                found.add(found(swarmIds.get(i), reply, i));
              }
              return found;
            });
  }

  private Mono<ScriptReply> fetch(List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_READ)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .key(context.keys().load());
    swarmIds.forEach(id -> call.key(context.keys().record(id)).arg(id));
    return context.link().run(call);
  }

  private Optional<Versioned> found(String swarmId, ScriptReply reply, int index) {
    return reply.isNull(index)
        ? Optional.empty()
        : context.unreadable().passing("swarm " + swarmId, () -> decode(reply.list(index)));
  }

  private static Versioned decode(ScriptReply fields) {
    return new Versioned(SwarmDecoder.decode(fields), SwarmDecoder.revision(fields));
  }
}
