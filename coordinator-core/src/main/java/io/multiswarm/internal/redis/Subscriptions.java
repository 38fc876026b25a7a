package io.multiswarm.internal.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The subscriber connection, with one listener a channel.
 *
 * <p>The map of listeners says what is wanted; Redis is made to agree. SUBSCRIBE and UNSUBSCRIBE
 * are sent inside the map's atomic update of their channel, so that their order on the connection
 * is the order of the updates. A command may be lost, because the connection breaks or is not ready
 * yet. So what Redis has acknowledged on the present connection is remembered, and with each probe
 * what is wanted and not acknowledged is asked for again, whatever happened to it before.
 *
 * <p>The connection is probed by PING. Redis answers in order, so an answer proves that all that
 * was published before has arrived: a quiet channel needs no check of its own while the probes are
 * answered. After {@link LinkSettings#suspectAfter} probes without an answer the connection is
 * dropped.
 */
@SuppressWarnings("FutureReturnValueIgnored") // argued at each place
public final class Subscriptions {

  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  private final Map<String, ChannelListener> listeners = new ConcurrentHashMap<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final ConnectionState state;
  private final Mono<StatefulRedisPubSubConnection<String, byte[]>> connecting;
  private final Consumer<String> suspect;
  private final Consumer<Throwable> failed;
  private final LinkSettings settings;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Disposable.Swap probes = Disposables.swap();
  private final Scheduler scheduler;
  private volatile @Nullable StatefulRedisPubSubConnection<String, byte[]> connection;

  /** Whether a channel was asked for with an earlier probe and is still not acknowledged. */
  private volatile boolean behind;

  /** What was asked for with the last probe; of the ticks alone, one at a time. */
  private Set<String> pending = Set.of();

  /**
   * @param suspect told when the connection seems half-open
   * @param failed told of subscriptions that failed
   */
  Subscriptions(
      RedisConnections connections,
      Scheduler scheduler,
      Consumer<String> suspect,
      Consumer<Throwable> failed) {
    this.failed = failed;
    ConnectionLane lane = connections.lane(made -> {});
    this.settings = connections.settings();
    this.state = new ConnectionState(scheduler);
    this.scheduler = scheduler;
    this.suspect = suspect;
    this.connecting = state.untilMade(settings, () -> lane.connectPubSub().thenApply(this::adopt));
  }

  Mono<Void> connect() {
    return connecting.doOnNext(made -> subscribeMissing()).then();
  }

  /**
   * Whether the connection is up, its last probe was answered, and it has what is wanted; that a
   * channel was asked for just now does not count.
   */
  public boolean isUp() {
    return state.isUp() && unanswered.get() <= 1 && !behind;
  }

  /** The number of channels with a listener. */
  public int size() {
    return listeners.size();
  }

  /**
   * Gives {@code channel} a listener. There must be none.
   *
   * @param channel full name in Redis
   */
  public void add(String channel, ChannelListener listener) {
    listeners.compute(
        channel,
        (name, present) -> {
          if (present != null) {
            throw new IllegalStateException(name + " has a listener already");
          }
          send(redis -> redis.subscribe(name));
          return listener;
        });
  }

  /** Takes the listener away; it hears nothing of a later subscription. */
  public void remove(String channel, ChannelListener listener) {
    listeners.computeIfPresent(
        channel,
        (name, present) -> {
          if (present != listener) {
            return present;
          }
          send(redis -> redis.unsubscribe(name));
          acknowledged.remove(name);
          return null;
        });
  }

  /**
   * Whether the channel may be subscribed: fails with what Redis says. One that has a listener is
   * not tried, for it is asked for as long as it is not acknowledged.
   */
  Mono<Void> attempt(String channel) {
    return Mono.create(
        sink -> {
          StatefulRedisPubSubConnection<String, byte[]> made = connection;
          if (made == null || listeners.containsKey(channel)) {
            sink.success();
            return;
          }
          Callbacks.into(
              sink,
              made.async()
                  .subscribe(channel)
                  .thenCompose(done -> made.async().unsubscribe(channel)));
        });
  }

  void close() {
    probes.dispose();
    state.close();
  }

  private void send(
      Function<RedisPubSubAsyncCommands<String, byte[]>, CompletionStage<Void>> command) {
    StatefulRedisPubSubConnection<String, byte[]> made = connection;
    if (made != null && state.isUp()) {
      // Success is told by the acknowledgement that reaches the listener. A failure is a broken
      // connection, whose successor subscribes everything wanted, or a refusal, which is asked
      // again with the next probe.
      command
          .apply(made.async())
          .whenComplete(
              (done, error) -> {
                if (error != null) {
                  failed.accept(error);
                }
              });
    }
  }

  private StatefulRedisPubSubConnection<String, byte[]> adopt(
      StatefulRedisPubSubConnection<String, byte[]> made) {
    made.addListener(new Dispatcher());
    made.addListener(state);
    made.addListener(new Renewal());
    connection = made;
    probes.update(
        Flux.interval(settings.pingInterval(), scheduler)
            .onBackpressureDrop()
            .subscribe(tick -> probe(made)));
    return made;
  }

  /** What is wanted and not acknowledged. A second acknowledgement does no harm. */
  private Set<String> subscribeMissing() {
    Set<String> missing = new HashSet<>(listeners.keySet());
    missing.removeAll(acknowledged);
    missing.forEach(
        channel ->
            listeners.computeIfPresent(
                channel,
                (name, listener) -> {
                  send(redis -> redis.subscribe(name));
                  return listener;
                }));
    return missing;
  }

  private void probe(StatefulRedisPubSubConnection<String, byte[]> made) {
    if (!state.isUp()) {
      unanswered.set(0);
      return;
    }
    Set<String> missing = subscribeMissing();
    behind = missing.stream().anyMatch(pending::contains);
    pending = missing;
    if (unanswered.incrementAndGet() > settings.suspectAfter()) {
      unanswered.set(0);
      suspect.accept("the subscriber connection does not answer");
      return;
    }
    // A failed probe is counted by not resetting; nothing else is to be done about it.
    made.async()
        .ping()
        .whenComplete(
            (pong, error) -> {
              if (error == null) {
                unanswered.set(0);
              }
            });
  }

  private final class Dispatcher extends RedisPubSubAdapter<String, byte[]> {
    @Override
    public void message(String channel, byte[] message) {
      ChannelListener listener = listeners.get(channel);
      if (listener != null) {
        listener.onMessage(message);
      }
    }

    @Override
    public void subscribed(String channel, long count) {
      // Not get: the answer may overtake the update of the map inside which the question was sent.
      ChannelListener listener =
          listeners.computeIfPresent(
              channel,
              (name, present) -> {
                acknowledged.add(name);
                return present;
              });
      if (listener != null) {
        listener.onSubscribed();
      }
    }

    /** Nobody is to be told on this thread of what Redis takes away by itself. */
    @Override
    public void unsubscribed(String channel, long count) {
      acknowledged.remove(channel);
    }
  }

  /** A connection that breaks takes its subscriptions along. */
  private final class Renewal implements RedisConnectionStateListener {
    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      acknowledged.clear();
    }

    /** At once if the connection is ready by then, or with the next probe. */
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
      try {
        scheduler.schedule(Subscriptions.this::subscribeMissing);
      } catch (RejectedExecutionException e) {
        log.trace("The scheduler is disposed, and this with it", e);
      }
    }
  }
}
