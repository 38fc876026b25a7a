package io.multiswarm.server.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A redis-server of our own, on a free port of the loopback interface, whose data lies in a
 * directory and survives restarts and kills.
 *
 * <p>It lives from {@link #start()} to {@link #stop()}. When it ends without being told to, it is
 * started again on the same port, and clients reconnect. When this process is killed it stays
 * behind, and the next one that starts in the same directory replaces it.
 */
public final class EmbeddedRedis {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

  /** A file of many gigabytes takes minutes to load. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(5);

  private static final Duration FIRST_RESTART_DELAY = Duration.ofMillis(50);
  private static final Duration LONGEST_RESTART_DELAY = Duration.ofSeconds(5);

  private static final long MAX_MEMORY = 1L << 30;

  private final DataDirectory directory;
  private final long maxMemory;
  private final ProgramChoice choice;
  private final int port;

  // Guarded by this.
  private @Nullable RedisProcess process;
  private @Nullable ServerProgram program;
  private @Nullable CompletableFuture<Void> end;
  private Duration restartDelay = FIRST_RESTART_DELAY;

  private EmbeddedRedis(DataDirectory directory, long maxMemory, ProgramChoice choice, int port) {
    this.directory = directory;
    this.maxMemory = maxMemory;
    this.choice = choice;
    this.port = port;
  }

  /**
   * Takes a data directory, and creates it if need be, for the program of the jar. {@link #stop()}
   * gives it back.
   *
   * @throws EmbeddedRedisException when it cannot be used, or another coordinator uses it
   */
  public static EmbeddedRedis in(Path dataDir) {
    return in(dataDir, MAX_MEMORY, ProgramChoice.bundled());
  }

  /**
   * As {@link #in(Path)}.
   *
   * @param maxMemory bytes that redis-server may take; beyond it refuses writes that need memory
   */
  public static EmbeddedRedis in(Path dataDir, long maxMemory, ProgramChoice choice) {
    return new EmbeddedRedis(DataDirectory.open(dataDir), maxMemory, choice, FreePort.find());
  }

  /**
   * Starts redis-server, in place of one that a killed coordinator left behind.
   *
   * @return completes when it has loaded its data and accepts connections, or with an {@link
   *     EmbeddedRedisException}
   */
  public CompletableFuture<Void> start() {
    CompletableFuture<Void> ready =
        CompletableFuture.completedFuture(directory)
            .thenCompose(LeftOver::end)
            .thenCompose(none -> launch())
            .thenAccept(this::watch);
    CompletableFuture.delayedExecutor(START_PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .execute(
            () ->
                ready.completeExceptionally(
                    new EmbeddedRedisException(
                        "redis-server is not ready after %d minutes"
                            .formatted(START_PATIENCE.toMinutes()))));
    return ready;
  }

  /** The port on 127.0.0.1, the same for the whole life of this object. */
  public int port() {
    return port;
  }

  /** Which program serves, and its version; of a Redis that has started. */
  public synchronized String program() {
    return String.valueOf(program);
  }

  /** The address as a Redis client takes it. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /**
   * Ends redis-server, which syncs its data to the disk, and gives the directory back. May be
   * called at any time, and again.
   *
   * @return completes when it has ended
   */
  public synchronized CompletableFuture<Void> stop() {
    if (end == null) {
      CompletableFuture<Void> processEnd =
          process == null ? CompletableFuture.completedFuture(null) : process.stop();
      end = processEnd.whenComplete((ended, failure) -> directory.close());
    }
    return end;
  }

  private synchronized CompletableFuture<RedisProcess> launch() {
    if (end != null) {
      throw new EmbeddedRedisException("redis-server was stopped before it had started");
    }
    ServerProgram found = choice.find(directory);
    if (!found.equals(program)) {
      log.info("Redis is {}", found);
    }
    program = found;
    ProgramRecord.write(directory, found);
    RedisProcess launched =
        RedisProcess.start(found.path(), directory, RedisOptions.of(directory, port, maxMemory));
    process = launched;
    return launched.ready().thenApply(ready -> launched);
  }

  private void watch(RedisProcess running) {
    var unused = running.exit().thenAccept(this::ended);
  }

  private synchronized void ended(int exitCode) {
    if (end == null) {
      log.warn("redis-server ended with code {} and is started again", exitCode);
      restartLater();
    }
  }

  private synchronized void restartLater() {
    CompletableFuture.delayedExecutor(restartDelay.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::restart);
    Duration doubled = restartDelay.multipliedBy(2);
    restartDelay = doubled.compareTo(LONGEST_RESTART_DELAY) < 0 ? doubled : LONGEST_RESTART_DELAY;
  }

  private synchronized void restart() {
    if (end != null) {
      return;
    }
    var unused =
        CompletableFuture.completedFuture(directory)
            .thenCompose(ready -> launch())
            .whenComplete(this::restarted);
  }

  private synchronized void restarted(@Nullable RedisProcess running, @Nullable Throwable failure) {
    if (running != null) {
      log.info("redis-server is back on port {}", port);
      restartDelay = FIRST_RESTART_DELAY;
      watch(running);
    } else if (end == null) {
      log.error("redis-server cannot be started again, the next attempt follows", failure);
      restartLater();
    }
  }
}
