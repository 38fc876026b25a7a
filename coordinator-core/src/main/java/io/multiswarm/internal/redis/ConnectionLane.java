package io.multiswarm.internal.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The way of one connection: where it went last, and where it goes next. */
final class ConnectionLane {

  private final Compass compass;
  private final RedisClient client;
  private final RedisURI uri;
  private final Questions questions;
  private final FailureLog failures;
  private final AtomicBoolean replicaTold = new AtomicBoolean();
  private volatile boolean made;
  private volatile boolean up;
  private volatile @Nullable String trouble;
  private volatile @Nullable RedisAddress server;
  private volatile @Nullable Channel channel;

  /** Makes the client of a lane. */
  interface Clients {

    /**
     * @param opened told of its channels
     * @param where says where they go
     * @param replica told when one leads to a replica, and so is not used
     * @param failed told why one was not made again
     */
    RedisClient make(
        Consumer<Channel> opened,
        Function<RedisURI, Mono<SocketAddress>> where,
        Runnable replica,
        Consumer<Throwable> failed);
  }

  /**
   * @param failures told why a connection that there was is not made again
   */
  ConnectionLane(
      Compass compass, RedisURI uri, Questions questions, FailureLog failures, Clients clients) {
    this.compass = compass;
    this.uri = uri;
    this.questions = questions;
    this.failures = failures;
    this.client =
        clients.make(
            opened -> channel = opened,
            any -> next(),
            this::madeAgainToReplica,
            error -> failed(RedisHandshake.failed(error, "Redis", server, uri)));
  }

  CompletionStage<StatefulRedisConnection<String, byte[]>> connect() {
    return begin(() -> client.connectAsync(RedisConnections.CODEC, uri));
  }

  CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub() {
    return begin(() -> client.connectPubSubAsync(RedisConnections.CODEC, uri));
  }

  /** On a thread that may wait: Lettuce has a lock over the making of connections. */
  private <C extends StatefulConnection<?, ?>> CompletionStage<C> begin(
      Supplier<CompletionStage<C>> connect) {
    return compass
        .prepare()
        .then(Mono.fromCompletionStage(connect))
        .onErrorMap(error -> RedisHandshake.failed(error, "Redis", server, uri))
        .flatMap(
            connection ->
                MasterEndpoint.leadsToReplica(connection)
                    ? refused(connection)
                    : Mono.just(begun(connection)))
        .doOnError(this::failed)
        .toFuture();
  }

  private void failed(Throwable error) {
    String reason = ConnectionTrouble.of(error, uri.isSsl());
    trouble = reason;
    if (made) {
      failures.met("A connection to Redis is not made again: " + reason);
    }
  }

  /** Why there is no connection; null while there is one, and before an attempt has failed. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Not used: whoever makes it tries again, and tells why. */
  private <C> Mono<C> refused(StatefulConnection<?, ?> connection) {
    return Mono.fromCompletionStage(connection.closeAsync())
        .onErrorComplete()
        .then(Mono.defer(this::replica))
        .flatMap(Mono::error);
  }

  /** That the server is one. */
  private Mono<Obstacle> replica() {
    RedisAddress asked = server;
    return (asked == null ? Mono.just("another Redis") : questions.masterOf(asked))
        .map(
            master ->
                new Obstacle(
                    "%s is a replica of %s and takes no writes; give the master's address, or Sentinel's"
                        .formatted(asked == null ? "this Redis" : asked, master)));
  }

  /** Nothing is written to it. */
  private void madeAgainToReplica() {
    if (made && replicaTold.compareAndSet(false, true)) {
      replica().subscribe(obstacle -> replicaTold(obstacle));
    }
  }

  private void replicaTold(Obstacle obstacle) {
    if (replicaTold.get()) {
      failed(obstacle);
    }
  }

  private <C extends StatefulConnection<?, ?>> C begun(C connection) {
    made = true;
    up = true;
    trouble = null;
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
            if (!MasterEndpoint.isClosedTo(again)) {
              up = true;
              replicaTold.set(false);
              trouble = null;
              compass.recheck("");
            }
          }

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            up = false;
          }
        });
    compass.recheck("");
    return connection;
  }

  /**
   * A connection that was made once is made again by Lettuce, which goes to the last address when
   * there is no answer: to the master that is none any more. So the question is asked until there
   * is an answer.
   */
  private Mono<SocketAddress> next() {
    if (uri.getSocket() != null) {
      return compass
          .prepare()
          .then(
              Mono.fromCallable(() -> client.getResources().socketAddressResolver().resolve(uri)));
    }
    Mono<SocketAddress> once = compass.locate(found -> server = found).doOnError(this::failed);
    return Mono.defer(() -> made ? once.retryWhen(compass.untilLocated()) : once);
  }

  boolean isUp() {
    return up;
  }

  /** Where the connection is, or goes to at the moment. */
  @Nullable RedisAddress server() {
    return server;
  }

  /** Whether there was one; a connection that is just being made fails at once. */
  @SuppressWarnings("FutureReturnValueIgnored") // the end is told to the connection's listeners
  boolean closeChannel() {
    Channel open = channel;
    if (open == null || !open.isOpen()) {
      return false;
    }
    open.close();
    return true;
  }
}
