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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The way of one connection: where it went last, and where it goes next. */
final class ConnectionLane {

  private static final Logger log = LoggerFactory.getLogger(ConnectionLane.class);

  private final Compass compass;
  private final RedisClient client;
  private final RedisURI uri;
  private final Questions questions;
  private final AtomicBoolean replicaTold = new AtomicBoolean();
  private volatile boolean made;
  private volatile boolean up;
  private volatile @Nullable RedisAddress server;
  private volatile @Nullable Channel channel;

  /** Makes the client of a lane. */
  interface Clients {

    /**
     * @param opened told of its channels
     * @param where says where they go
     * @param replica told when one leads to a replica, and so is not used
     */
    RedisClient make(
        Consumer<Channel> opened, Function<RedisURI, Mono<SocketAddress>> where, Runnable replica);
  }

  ConnectionLane(Compass compass, RedisURI uri, Questions questions, Clients clients) {
    this.compass = compass;
    this.uri = uri;
    this.questions = questions;
    this.client = clients.make(opened -> channel = opened, any -> next(), this::madeAgainToReplica);
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
        .toFuture();
  }

  /** Not used: whoever makes it tries again, and tells why. */
  private <C> Mono<C> refused(StatefulConnection<?, ?> connection) {
    RedisAddress asked = server;
    return Mono.fromCompletionStage(connection.closeAsync())
        .onErrorComplete()
        .then(asked == null ? Mono.just("another Redis") : questions.masterOf(asked))
        .flatMap(
            master ->
                Mono.error(
                    new Obstacle(
                        "%s is a replica of %s and takes no writes; give the master's address, or Sentinel's"
                            .formatted(asked == null ? "this Redis" : asked, master))));
  }

  private void madeAgainToReplica() {
    if (made && replicaTold.compareAndSet(false, true)) {
      log.warn("{} is a replica now, and nothing is written to it: its master is awaited", server);
    }
  }

  private <C extends StatefulConnection<?, ?>> C begun(C connection) {
    made = true;
    up = true;
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
            up = true;
            replicaTold.set(false);
            compass.recheck("");
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
    Mono<SocketAddress> once = compass.locate(found -> server = found);
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
