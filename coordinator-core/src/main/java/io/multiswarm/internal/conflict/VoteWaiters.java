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
   * @param decide decides what is due
   */
  Mono<Standing> end(String conflictId, Mono<Standing> decide) {
    return wakeups.until(conflictId, decide, VoteWaiters::left);
  }

  private static Optional<Duration> left(Standing standing) {
    return standing.isOpen() ? Optional.of(standing.left()) : Optional.empty();
  }

  private Flux<String> changed(List<String> conflicts) {
    ScriptCall call = ScriptCall.of(Script.CONFLICT_LOOK).key(keys.open());
    conflicts.forEach(call::arg);
    return context.link().run(call).flatMapIterable(ScriptReply::onlyTexts);
  }
}
