package io.multiswarm.load.embedded;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanStream;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.StringCodec;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Mono;

/** A fleet of an embedded node, of which nothing is to stay in a Redis that is not ours. */
record StoredFleet(URI redis, String name) {

  private static final int A_CALL = 500;

  /** One with a name that no other run has. */
  static StoredFleet in(URI redis) {
    return new StoredFleet(
        redis, "load-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24)));
  }

  /** Removes all its keys. Its node must be gone. */
  Mono<Void> remove() {
    return Mono.usingWhen(
        Mono.fromSupplier(RedisClient::create),
        client ->
            Mono.fromCompletionStage(
                    () -> client.connectAsync(StringCodec.UTF8, RedisURI.create(redis)))
                .map(StatefulRedisConnection::reactive)
                .flatMap(this::remove),
        client -> Mono.fromCompletionStage(client::shutdownAsync));
  }

  private Mono<Void> remove(RedisReactiveCommands<String, String> commands) {
    var ours = ScanArgs.Builder.matches("{" + name + "}:*").limit(A_CALL);
    return ScanStream.scan(commands, ours)
        .buffer(A_CALL)
        .concatMap(keys -> commands.unlink(keys.toArray(String[]::new)))
        .then();
  }
}
