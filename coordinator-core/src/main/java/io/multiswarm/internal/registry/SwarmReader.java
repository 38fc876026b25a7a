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
import reactor.core.publisher.Flux;
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
    return read(List.of(swarmId))
        .flatMap(found -> Mono.justOrEmpty(found.get(0)))
        .switchIfEmpty(Mono.error(() -> OwnerRefusals.unknown(swarmId)));
  }

  /** Those of the ids that are registered, in their order; any number of ids. */
  Flux<Swarm> all(List<String> swarmIds) {
    return Flux.fromIterable(swarmIds)
        .buffer(BATCH)
        .concatMap(this::read)
        .concatMapIterable(batch -> batch.stream().flatMap(Optional::stream).toList())
        .map(Versioned::swarm);
  }

  /** One item an id, empty for those that are not registered; at most {@link #BATCH} ids. */
  Mono<List<Optional<Versioned>>> read(List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_READ)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .key(context.keys().load());
    swarmIds.forEach(id -> call.key(context.keys().record(id)).arg(id));
    return context
        .link()
        .run(call)
        .map(
            reply -> {
              List<Optional<Versioned>> found = new ArrayList<>(swarmIds.size());
              for (int i = 0; i < swarmIds.size(); i++) {
                found.add(reply.isNull(i) ? Optional.empty() : Optional.of(decode(reply.list(i))));
              }
              return found;
            });
  }

  private static Versioned decode(ScriptReply fields) {
    return new Versioned(SwarmDecoder.decode(fields), SwarmDecoder.revision(fields));
  }
}
