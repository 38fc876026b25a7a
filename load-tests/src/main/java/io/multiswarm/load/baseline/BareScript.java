package io.multiswarm.load.baseline;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/** A Lua script of a baseline. */
final class BareScript {

  private final byte[] source;

  private BareScript(byte[] source) {
    this.source = source;
  }

  /** Reads a file that lies beside a class; not for an event loop. */
  static BareScript beside(Class<?> caller, String file) {
    try (InputStream in = caller.getResourceAsStream(file)) {
      return new BareScript(Objects.requireNonNull(in, file).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it ready to be called on a connection. */
  Mono<Loaded> load(RedisAsyncCommands<byte[], byte[]> redis) {
    return Mono.fromCompletionStage(() -> redis.scriptLoad(source))
        .map(digest -> new Loaded(redis, digest));
  }

  /** A script that Redis knows. */
  record Loaded(RedisAsyncCommands<byte[], byte[]> redis, String digest) {

    /** For scripts that answer a number. */
    CompletionStage<Long> number(List<byte[]> keys, List<byte[]> arguments) {
      return call(ScriptOutputType.INTEGER, keys, arguments);
    }

    /** For scripts that answer a number for each of several things. */
    CompletionStage<List<Long>> numbers(List<byte[]> keys, List<byte[]> arguments) {
      return call(ScriptOutputType.MULTI, keys, arguments);
    }

    private <T> CompletionStage<T> call(
        ScriptOutputType type, List<byte[]> keys, List<byte[]> arguments) {
      return redis.evalsha(
          digest, type, keys.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
    }
  }
}
