package io.multiswarm.internal.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionState;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where commands go into a connection. None goes to a server that says in the handshake that it is
 * a replica: most refuse writes, but not all do, and what those take is lost.
 *
 * <p>HELLO tells the role in the handshake of each connection, so it costs nothing to know. A
 * server that does not speak of it is believed to be a master.
 */
final class MasterEndpoint extends DefaultEndpoint {

  /** Who made a replica of the address will not make a master of it in less. */
  private static final int PAUSE_MS = 500;

  private final Runnable replica;
  private volatile @Nullable ConnectionState handshake;

  /**
   * @param replica told of each connection that was made to one
   */
  MasterEndpoint(ClientOptions options, ClientResources resources, Runnable replica) {
    super(options, resources);
    this.replica = replica;
  }

  /** Known before the first handshake. */
  void readsFrom(ConnectionState state) {
    handshake = state;
  }

  static boolean leadsToReplica(StatefulConnection<?, ?> connection) {
    return connection instanceof StatefulRedisConnectionImpl<?, ?> known
        && isReplica(known.getConnectionState());
  }

  /**
   * Whether no command goes into a connection that was made again. One for subscriptions is not
   * guarded: it hears what the master publishes, and the replica may become the master.
   */
  static boolean isClosedTo(RedisChannelHandler<?, ?> connection) {
    return connection instanceof StatefulRedisConnectionImpl<?, ?> known
        && !(connection instanceof StatefulRedisPubSubConnection)
        && isReplica(known.getConnectionState());
  }

  private static boolean isReplica(@Nullable ConnectionState handshake) {
    String role = handshake == null ? null : handshake.getRole();
    return "replica".equals(role) || "slave".equals(role);
  }

  /** The handshake is over; until this is passed on, commands find no connection. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the end is told to who makes it anew
  public void notifyChannelActive(Channel channel) {
    if (isReplica(handshake)) {
      replica.run();
      channel.eventLoop().schedule(() -> channel.close(), PAUSE_MS, TimeUnit.MILLISECONDS);
    } else {
      super.notifyChannelActive(channel);
    }
  }
}
