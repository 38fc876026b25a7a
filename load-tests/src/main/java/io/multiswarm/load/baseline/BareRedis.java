package io.multiswarm.load.baseline;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Two connections to Redis, one to write and one to listen, each flushing what is ready together at
 * once.
 */
final class BareRedis {

  private static final int FLUSHES = 256;

  private final Sinks.One<EventLoop> writingLoop = Sinks.one();
  private final ClientResources resources =
      ClientResources.builder()
          .ioThreadPoolSize(2)
          .computationThreadPoolSize(2)
          .nettyCustomizer(new Consolidation())
          .build();
  private final RedisClient client = RedisClient.create(resources);
  private final RedisURI uri;

  BareRedis(URI uri) {
    this.uri = RedisURI.create(uri);
  }

  private final class Consolidation implements NettyCustomizer {

    /**
     * The first connection is the writing one; its loop is kept, and emitting for later ones does
     * nothing.
     */
    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSHES, true));
      writingLoop.tryEmitValue(channel.eventLoop());
    }
  }

  /**
   * The thread of the writing connection: what is written on it keeps its order and wakes nobody.
   */
  Mono<Scheduler> scheduler() {
    return writingLoop.asMono().map(Schedulers::fromExecutorService);
  }

  /** To be asked for once, and before {@link #listen}. */
  Mono<RedisAsyncCommands<byte[], byte[]>> writing() {
    return Mono.fromCompletionStage(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri))
        .map(connection -> connection.async());
  }

  /**
   * Completes when every channel that fits {@code pattern} is heard; what comes goes to {@code
   * heard}, on one thread.
   */
  Mono<Void> listen(byte[] pattern, BiConsumer<byte[], byte[]> heard) {
    return Mono.fromCompletionStage(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri))
        .flatMap(
            connection -> {
              connection.addListener(listener(heard));
              return Mono.fromCompletionStage(connection.async().psubscribe(pattern));
            });
  }

  private static RedisPubSubListener<byte[], byte[]> listener(BiConsumer<byte[], byte[]> heard) {
    return new RedisPubSubAdapter<>() {
      @Override
      public void message(byte[] pattern, byte[] channel, byte[] message) {
        heard.accept(channel, message);
      }
    };
  }

  Mono<Void> close() {
    return Mono.fromCompletionStage(client::shutdownAsync)
        .then(Mono.fromRunnable(this::endThreads));
  }

  /** Nothing is left to run on them, so there is nothing to wait for. */
  private void endThreads() {
    var unused = resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
