package io.multiswarm.internal.redis;

import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnectionImpl;
import io.lettuce.core.pubsub.api.sync.RedisPubSubCommands;
import io.lettuce.core.resource.ClientResources;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A client that asks us where to connect to, each time.
 *
 * <p>Its connections cannot be used synchronously, which nobody here does: Lettuce makes that
 * facade of a thousand methods by reflection, in a fifth of the time that a node takes to start.
 */
final class LocatedClient extends RedisClient {

  private final Function<RedisURI, Mono<SocketAddress>> where;
  private final @Nullable Runnable replica;

  /**
   * @param replica told of connections to replicas, to which no command goes; null where they are
   *     as good as masters
   */
  LocatedClient(
      ClientResources resources,
      RedisURI uri,
      Function<RedisURI, Mono<SocketAddress>> where,
      @Nullable Runnable replica) {
    super(resources, uri);
    this.where = where;
    this.replica = replica;
  }

  @Override
  protected Mono<SocketAddress> getSocketAddress(RedisURI uri) {
    return where.apply(uri);
  }

  @Override
  protected DefaultEndpoint createEndpoint() {
    return replica == null
        ? super.createEndpoint()
        : new MasterEndpoint(getOptions(), getResources(), replica);
  }

  @Override
  protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(
      RedisChannelWriter writer, PushHandler endpoint, RedisCodec<K, V> codec, Duration timeout) {
    StatefulRedisConnectionImpl<K, V> made =
        new StatefulRedisConnectionImpl<>(writer, endpoint, codec, timeout) {
          @Override
          protected @Nullable RedisCommands<K, V> newRedisSyncCommandsImpl() {
            return null;
          }
        };
    if (endpoint instanceof MasterEndpoint guarded) {
      guarded.readsFrom(made.getConnectionState());
    }
    return made;
  }

  @Override
  protected <K, V> StatefulRedisPubSubConnectionImpl<K, V> newStatefulRedisPubSubConnection(
      PubSubEndpoint<K, V> endpoint,
      RedisChannelWriter writer,
      RedisCodec<K, V> codec,
      Duration timeout) {
    return new StatefulRedisPubSubConnectionImpl<>(endpoint, writer, codec, timeout) {
      @Override
      protected @Nullable RedisPubSubCommands<K, V> newRedisSyncCommandsImpl() {
        return null;
      }
    };
  }
}
