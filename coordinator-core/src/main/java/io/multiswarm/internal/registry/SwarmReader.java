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

  private final NodeContext context;

  SwarmReader(NodeContext context) {
    this.context = context;
  }

  Mono<Swarm> get(String swarmId) {
    return versioned(swarmId).map(SwarmFields::swarm);
  }

  /** With the revision that a compare-and-set needs. */
  Mono<SwarmFields> versioned(String swarmId) {
    return fetch(List.of(swarmId))
        .map(
            read -> {
              if (read.get(0).isEmpty()) {
                throw OwnerRefusals.unknown(swarmId);
              }
              return found(swarmId, read.get(0)).orElseThrow(() -> Refusal.unreadable(swarmId));
            });
  }

  /**
   * One item an id, in their order, empty for those that are not registered or not readable; at
   * most {@link #BATCH} ids. Of large swarms, only the first ones, but one at least.
   */
  Mono<List<Optional<SwarmFields>>> some(List<String> swarmIds) {
    return fetch(swarmIds)
        .map(
            read -> {
              List<Optional<SwarmFields>> found = new ArrayList<>(read.size());
              for (int i = 0; i < read.size(); i++) {
                found.add(found(swarmIds.get(i), read.get(i)));
              }
              return found;
            });
  }

  private Mono<List<Optional<ScriptReply>>> fetch(List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_READ)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .key(context.keys().load());
    swarmIds.forEach(id -> call.key(context.keys().record(id)).arg(id));
    return context.link().run(call).map(ScriptReply::lists);
  }

  private Optional<SwarmFields> found(String swarmId, Optional<ScriptReply> fields) {
    return fields.flatMap(
        one -> context.unreadable().passing("swarm " + swarmId, () -> SwarmFields.from(one)));
  }
}
