package io.multiswarm.internal.stream;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.messaging.ChannelName;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts channels to rest whose whole history is older than it may be: the messages are removed, and
 * the place where the channel stands is written down, so that its order goes on with the next
 * message. A history that nobody puts to rest ends by its TTL, and its epoch with it; so all are
 * looked at several times before that.
 */
public final class IdleChannelCompaction {

  private static final Logger log = LoggerFactory.getLogger(IdleChannelCompaction.class);

  /** Rounds in the time between the end of the greatest age and the TTL, which is twice that. */
  private static final int ROUNDS = 8;

  private static final int CHANNELS_A_CALL = 100;

  private final NodeContext node;
  private final BooleanSupplier isMine;
  private final Disposable.Swap rounds = Disposables.swap();

  /**
   * @param isMine whether it is this node that does it; it does no harm when several do
   */
  public IdleChannelCompaction(NodeContext node, BooleanSupplier isMine) {
    this.node = node;
    this.isMine = isMine;
  }

  /** Begins the rounds; they outlive every failure. */
  public void start() {
    Duration interval = node.options().history().maxAge().dividedBy(ROUNDS);
    rounds.update(
        Flux.interval(interval, node.scheduler())
            .onBackpressureDrop()
            .filter(tick -> isMine.getAsBoolean())
            .concatMap(tick -> round(), 0)
            .subscribe());
  }

  public void stop() {
    rounds.dispose();
  }

  /** Looks at the channels of all registered swarms, and at those that always exist. */
  Mono<Void> round() {
    return Flux.concat(
            Flux.fromIterable(ChannelName.shared()),
            node.link().reads().fields(node.keys().roster()).map(ChannelName::of))
        .buffer(CHANNELS_A_CALL)
        .concatMap(this::look)
        .then()
        .onErrorResume(
            error -> {
              log.warn(
                  "Idle channels were not looked at and will be next time: {}", error.toString());
              return Mono.empty();
            });
  }

  private Mono<Void> look(List<String> channels) {
    ScriptCall call = node.appending(Script.CHANNEL_REST);
    channels.forEach(channel -> call.keys(node.keys().history(channel)));
    return node.link().run(call).then();
  }
}
