package io.multiswarm.internal.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.net.SocketAddress;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A client that asks us where to connect to, each time. */
final class LocatedClient extends RedisClient {

  private final Function<RedisURI, Mono<SocketAddress>> where;

  LocatedClient(
      ClientResources resources, RedisURI uri, Function<RedisURI, Mono<SocketAddress>> where) {
    super(resources, uri);
    this.where = where;
  }

  @Override
  protected Mono<SocketAddress> getSocketAddress(RedisURI uri) {
    return where.apply(uri);
  }
}
