package io.multiswarm.conflict;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.Holdings.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Finds the swarms of this node that are asked to vote: told by a signal, and read again after
 * signals may have been lost.
 */
final class Polls {

  private static final Logger log = LoggerFactory.getLogger(Polls.class);
  private static final int A_CALL = 1_000;
  private static final int OPEN_AT_MOST = 1_000;

  private final NodeContext context;
  private final ConflictKeys keys;
  private final Sinks.Many<VoteRequest> requests = Sinks.many().multicast().directBestEffort();

  Polls(NodeContext context, ConflictKeys keys) {
    this.context = context;
    this.keys = keys;
    context.signals().on("conflict-vote", id -> begin(ask(id)));
    context.signals().onReset(() -> begin(askAll()));
  }

  Flux<VoteRequest> requests() {
    return requests.asFlux();
  }

  private static void begin(Flux<VoteRequest> asked) {
    asked.subscribe(
        request -> {},
        error -> log.warn("Swarms could not be asked to vote: {}", error.toString()));
  }

  private Flux<VoteRequest> askAll() {
    if (context.holdings().size() == 0) {
      return Flux.empty();
    }
    return context
        .link()
        .reads()
        .ascending(keys.open(), 0, Double.MAX_VALUE, OPEN_AT_MOST)
        .flatMapIterable(open -> open)
        .concatMap(open -> ask(open.member()));
  }

  private Flux<VoteRequest> ask(String conflictId) {
    List<String> held = context.holdings().all().stream().map(Held::swarmId).toList();
    return Flux.fromIterable(held)
        .buffer(A_CALL)
        .concatMap(some -> read(conflictId, some))
        .concatMapIterable(reply -> decode(conflictId, reply))
        // Emitted on the connection's thread alone. A subscriber without demand misses it, and
        // without any there is nobody to ask.
        .doOnNext(requests::tryEmitNext);
  }

  private Mono<ScriptReply> read(String conflictId, List<String> swarms) {
    ScriptCall call =
        ScriptCall.of(Script.CONFLICT_ASKED)
            .key(keys.conflict(conflictId))
            .key(keys.electorate(conflictId));
    swarms.forEach(call::arg);
    return context.link().run(call).filter(reply -> reply.status().equals("OPEN"));
  }

  private static List<VoteRequest> decode(String conflictId, ScriptReply reply) {
    String type = Json.trusted(reply.bytes(1)).text();
    Duration left = Duration.ofMillis(reply.number(4));
    ScriptReply asked = reply.list(5);
    return IntStream.range(0, asked.size())
        .mapToObj(asked::string)
        .map(
            swarm ->
                new VoteRequest(conflictId, type, reply.string(2), reply.string(3), left, swarm))
        .toList();
  }
}
