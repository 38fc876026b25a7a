package io.multiswarm.internal.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether a connection is up, and since when it is not. */
final class ConnectionState implements RedisConnectionStateListener {

  private static final long UP = -1;

  private final Scheduler scheduler;

  /** {@link #UP}, or the scheduler's time in ms when the connection was lost. */
  private volatile long downSince;

  private volatile boolean closed;

  ConnectionState(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.downSince = now();
  }

  /** Connects once, retrying for ever unless the configuration is wrong; shared by subscribers. */
  <C> Mono<C> untilMade(LinkSettings settings, Supplier<CompletionStage<C>> connect) {
    return Mono.<C>create(
            sink -> {
              if (closed) {
                sink.error(RedisLink.shutDown());
              } else {
                Callbacks.into(sink, connect.get());
              }
            })
        .doOnNext(made -> downSince = UP)
        .retryWhen(
            settings
                .reconnecting(scheduler)
                .filter(error -> !closed && !RedisFailure.of(error).isConfiguration()))
        .cache();
  }

  /** Nothing is tried again. */
  void close() {
    closed = true;
  }

  boolean isUp() {
    return downSince == UP;
  }

  boolean isDownFor(Duration time) {
    long since = downSince;
    return since != UP && now() - since > time.toMillis();
  }

  @Override
  public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
    if (!MasterEndpoint.isClosedTo(connection)) {
      downSince = UP;
    }
  }

  @Override
  public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
    downSince = now();
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }
}
