package io.multiswarm.load.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.multiswarm.load.judge.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The bare publish script, naturally batched: at most {@value #IN_FLIGHT} scripts are on their way,
 * and each takes what waited meanwhile. Alone it waits for nothing; under load the batches grow
 * instead of the queue.
 */
final class ScriptPublisher implements BarePublisher {

  private static final int IN_FLIGHT = 4;
  private static final int BATCH = 32;

  private final RedisAsyncCommands<byte[], byte[]> redis;
  private final byte[] source;
  private final String prefix;
  private final String digest;
  private final Set<String> channels = new HashSet<>();
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private int inFlight;

  private record Waiting(String channel, byte[] message, MonoSink<Position> sink) {}

  /**
   * @param source the script, as {@link #source()} reads it
   * @param prefix of the keys
   */
  ScriptPublisher(RedisAsyncCommands<byte[], byte[]> redis, byte[] source, String prefix) {
    this.redis = redis;
    this.source = source;
    this.prefix = prefix;
    this.digest = redis.digest(source);
  }

  /** Reads a file; not for an event loop. */
  static byte[] source() {
    try (InputStream in = ScriptPublisher.class.getResourceAsStream("bare_publish.lua")) {
      return Objects.requireNonNull(in, "bare_publish.lua").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Mono<Void> prepare() {
    return Mono.fromCompletionStage(() -> redis.scriptLoad(source)).then();
  }

  @Override
  public Mono<Position> publish(String channel, byte[] message) {
    return Mono.create(sink -> enqueue(new Waiting(channel, message, sink)));
  }

  private synchronized void enqueue(Waiting waiting) {
    channels.add(waiting.channel());
    queue.add(waiting);
    dispatch();
  }

  private synchronized void landed() {
    inFlight--;
    dispatch();
  }

  private void dispatch() {
    while (inFlight < IN_FLIGHT && !queue.isEmpty()) {
      List<Waiting> batch = new ArrayList<>(BATCH);
      while (batch.size() < BATCH && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      inFlight++;
      send(batch);
    }
  }

  /**
   * The completion runs once, with the answer or the error, and tells every sender of the batch.
   */
  private void send(List<Waiting> batch) {
    var unused =
        redis
            .<List<Long>>evalsha(digest, ScriptOutputType.MULTI, keys(batch), arguments(batch))
            .whenComplete(
                (offsets, error) -> {
                  landed();
                  answer(batch, offsets, error);
                });
  }

  private static void answer(
      List<Waiting> batch, @Nullable List<Long> offsets, @Nullable Throwable error) {
    for (int i = 0; i < batch.size(); i++) {
      if (offsets != null) {
        batch.get(i).sink().success(new Position(BareRoad.EPOCH, offsets.get(i)));
      } else {
        batch.get(i).sink().error(Objects.requireNonNull(error));
      }
    }
  }

  private byte[][] keys(List<Waiting> batch) {
    byte[][] keys = new byte[batch.size() + 1][];
    keys[0] = offsetsKey();
    for (int i = 0; i < batch.size(); i++) {
      keys[i + 1] = historyKey(batch.get(i).channel());
    }
    return keys;
  }

  private static byte[][] arguments(List<Waiting> batch) {
    byte[][] arguments = new byte[batch.size() * 2][];
    for (int i = 0; i < batch.size(); i++) {
      arguments[2 * i] = batch.get(i).channel().getBytes(US_ASCII);
      arguments[2 * i + 1] = batch.get(i).message();
    }
    return arguments;
  }

  private byte[] offsetsKey() {
    return (prefix + "offsets").getBytes(US_ASCII);
  }

  private byte[] historyKey(String channel) {
    return (prefix + "history:" + channel).getBytes(US_ASCII);
  }

  @Override
  public synchronized Mono<Void> cleanUp() {
    List<byte[]> keys = new ArrayList<>(channels.stream().map(this::historyKey).toList());
    keys.add(offsetsKey());
    return Mono.fromCompletionStage(() -> redis.unlink(keys.toArray(new byte[0][]))).then();
  }
}
