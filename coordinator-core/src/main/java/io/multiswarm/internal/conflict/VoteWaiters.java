package io.multiswarm.internal.conflict;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Waits for the end of votes: woken by the signal, and by a pause when that is lost. */
final class VoteWaiters {

  private final NodeContext context;
  private final Sinks.Many<String> ended = Sinks.many().multicast().directBestEffort();

  VoteWaiters(NodeContext context) {
    this.context = context;
    // One thread emits; nobody may be waiting, and whoever missed it asks again after its pause.
    context.signals().on("conflict-ended", id -> ended.tryEmitNext(id));
  }

  /**
   * Asks again and again, until cancelled.
   *
   * @param pause after an answer
   */
  Flux<ScriptReply> repeat(
      String conflictId, Mono<ScriptReply> ask, Function<ScriptReply, Duration> pause) {
    Flux<String> ending = ended.asFlux().filter(conflictId::equals);
    return ask.expand(
        reply ->
            Mono.firstWithSignal(
                    ending.next().then(),
                    Mono.delay(pause.apply(reply), context.scheduler()).then())
                .then(ask));
  }
}
