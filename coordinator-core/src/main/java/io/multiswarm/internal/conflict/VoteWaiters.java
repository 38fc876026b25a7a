package io.multiswarm.internal.conflict;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Wakeups;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits for the end of votes: told by the signal, or by the vote's own deadline. */
final class VoteWaiters {

  private final NodeContext context;
  private final ConflictKeys keys;
  private final Wakeups wakeups;

  VoteWaiters(NodeContext context, ConflictKeys keys) {
    this.context = context;
    this.keys = keys;
    this.wakeups = new Wakeups(context.scheduler(), this::changed);
    context.signals().on("conflict-ended", wakeups::wake);
    context.signals().onReset(wakeups::signalsLost);
  }

  /**
   * The first answer that ends it.
   *
   * @param decide decides what is due, and answers {@code OPEN} and the ms that are left otherwise
   */
  Mono<ScriptReply> end(String conflictId, Mono<ScriptReply> decide) {
    return wakeups.until(conflictId, decide, VoteWaiters::left);
  }

  private static Optional<Duration> left(ScriptReply reply) {
    return reply.status().equals("OPEN")
        ? Optional.of(Duration.ofMillis(Math.max(1, reply.number(1))))
        : Optional.empty();
  }

  private Flux<String> changed(List<String> conflicts) {
    ScriptCall call = ScriptCall.of(Script.CONFLICT_LOOK).key(keys.open());
    conflicts.forEach(call::arg);
    return context.link().run(call).flatMapIterable(reply -> reply.strings(0));
  }
}
