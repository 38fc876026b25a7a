package io.multiswarm.internal.stream;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.messaging.ChannelName;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts channels to rest whose whole history is older than it may be: the messages are removed, and
 * the place where the channel stands is written down, so that its order goes on with the next
 * message. A history that nobody puts to rest ends by its TTL, and its epoch with it; so all are
 * looked at several times before that.
 */
public final class IdleChannelCompaction implements Duty.Periodic<UpkeepTerm> {

  /** Rounds in the time between the end of the greatest age and the TTL, which is twice that. */
  private static final int ROUNDS = 8;

  private static final int CHANNELS_A_CALL = 100;

  private final NodeContext node;

  public IdleChannelCompaction(NodeContext node) {
    this.node = node;
  }

  @Override
  public String name() {
    return "idle channels";
  }

  @Override
  public Duration interval() {
    return node.options().history().maxAge().dividedBy(ROUNDS);
  }

  /** It does no harm when two nodes do it: what is put to rest is old, whoever says so. */
  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return round();
  }

  /** Looks at the channels of all registered swarms, and at those that always exist. */
  Mono<Void> round() {
    return Flux.concat(
            Flux.fromIterable(ChannelName.shared()),
            node.link().reads().fields(node.keys().roster()).map(ChannelName::of))
        .buffer(CHANNELS_A_CALL)
        .concatMap(this::look)
        .then();
  }

  private Mono<Void> look(List<String> channels) {
    ScriptCall call = node.appending(Script.CHANNEL_REST);
    channels.forEach(channel -> call.keys(node.keys().history(channel)));
    return node.link().run(call).then();
  }
}
