package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.multiswarm.load.judge.ChannelPosition;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Pipelined {@code PUBLISH} and nothing else: the ceiling of everything that goes through pub/sub.
 * It counts offsets itself, which holds because all of it takes one connection.
 */
final class PlainPublisher implements BarePublisher {

  private final RedisAsyncCommands<byte[], byte[]> redis;
  private final Map<String, Long> offsets = new HashMap<>();

  PlainPublisher(RedisAsyncCommands<byte[], byte[]> redis) {
    this.redis = redis;
  }

  @Override
  public Mono<ChannelPosition> publish(String channel, byte[] message) {
    return Mono.defer(
        () -> {
          long offset = offsets.merge(channel, 1L, Long::sum);
          byte[] head = (offset + ":").getBytes(US_ASCII);
          byte[] whole =
              ByteBuffer.allocate(head.length + message.length).put(head).put(message).array();
          return Mono.fromCompletionStage(redis.publish(channel.getBytes(US_ASCII), whole))
              .thenReturn(new ChannelPosition(BareTransport.EPOCH, offset));
        });
  }

  @Override
  public Mono<Void> cleanUp() {
    return Mono.empty();
  }
}
