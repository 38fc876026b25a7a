package io.multiswarm.server.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a redis-server: SIGTERM, upon which it syncs its file, and SIGKILL when it does not listen.
 */
final class ProcessEnd {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private ProcessEnd() {}

  /** Tells the process to end; completes when it has, or fails when it outlives even SIGKILL. */
  static CompletableFuture<Void> of(ProcessHandle process) {
    process.destroy();
    // Harmless when it is gone: a handle knows its process from a later one with the same id.
    after(PATIENCE).execute(process::destroyForcibly);
    CompletableFuture<Void> end = process.onExit().thenAccept(ended -> {});
    after(PATIENCE.multipliedBy(2))
        .execute(
            () ->
                end.completeExceptionally(
                    new EmbeddedRedisException(
                        "redis-server process %d does not end".formatted(process.pid()))));
    return end;
  }

  private static Executor after(Duration delay) {
    return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}
