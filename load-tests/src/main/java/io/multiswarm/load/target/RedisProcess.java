package io.multiswarm.load.target;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import redis.embedded.RedisExecProvider;

/**
 * A Redis of our own with an append-only file, for measurements that several servers share. Its
 * directory goes when it does.
 */
public final class RedisProcess {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECT_MILLIS = 500;

  /** When what was written is on the disk. */
  public enum Sync {
    /**
     * Within a second. While that takes long, Redis puts off even writing for a moment, in which a
     * kill of the process loses what it has acknowledged.
     */
    EVERYSEC,
    /** Before the answer. */
    ALWAYS
  }

  private final Path directory;
  private final List<String> command;
  private final int port;
  private final Thread reaper;
  private volatile Process process;

  private RedisProcess(Process process, Path directory, List<String> command, int port) {
    this.process = process;
    this.directory = directory;
    this.command = command;
    this.port = port;
    this.reaper = new Thread(this::end, "redis-reaper");
  }

  /** Starts it and waits until it accepts connections. */
  public static Mono<RedisProcess> start(Sync sync, Scheduler clock) {
    return Blocking.call(() -> launch(sync))
        .flatMap(
            redis ->
                redis
                    .ready(clock)
                    .thenReturn(redis)
                    .onErrorResume(error -> redis.close().then(Mono.error(error))));
  }

  private static RedisProcess launch(Sync sync) throws IOException {
    Path directory = Files.createTempDirectory("load-tests-redis-");
    Path program = unpacked(directory);
    int port = LocalResources.freePort();
    List<String> command =
        List.of(
            program.toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            directory.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            sync.name().toLowerCase(Locale.ROOT),
            "--save",
            "");
    var redis = new RedisProcess(run(command, directory), directory, command, port);
    Runtime.getRuntime().addShutdownHook(redis.reaper);
    return redis;
  }

  private static Process run(List<String> command, Path directory) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(directory.resolve("redis.log").toFile()))
        .start();
  }

  private static Path unpacked(Path directory) throws IOException {
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    String machine =
        switch (System.getProperty("os.arch")) {
          case "aarch64", "arm64" -> "arm64";
          default -> "amd64";
        };
    String name =
        "redis-server-%s-%s-%s".formatted(RedisExecProvider.redisVersion, system, machine);
    Path program = directory.resolve("redis-server");
    try (InputStream packaged = RedisProcess.class.getResourceAsStream("/" + name)) {
      if (packaged == null) {
        throw new IllegalStateException(
            "There is no %s for this machine; name a Redis with --redis-url".formatted(name));
      }
      Files.copy(packaged, program);
    }
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + " cannot be made executable");
    }
    return program;
  }

  /** SIGKILL; completes when the process is gone. What it stored stays. */
  public Mono<Void> kill() {
    return Mono.fromRunnable(this::end).then(Mono.fromFuture(() -> process.onExit())).then();
  }

  /** After {@link #kill}: the same again, with what it had stored. */
  public Mono<Void> restart(Scheduler clock) {
    return Blocking.call(() -> run(command, directory))
        .doOnNext(started -> process = started)
        .then(ready(clock));
  }

  private void end() {
    process.destroyForcibly();
  }

  private Mono<Void> ready(Scheduler clock) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, clock)
        .onBackpressureDrop()
        .concatMap(tick -> Blocking.call(this::accepts), 1)
        .filter(accepts -> accepts)
        .next()
        .timeout(
            START_PATIENCE,
            Mono.error(() -> new IllegalStateException("redis-server was not ready in time")),
            clock)
        .then();
  }

  private boolean accepts() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  /** Ends it, with all that it stored. */
  public Mono<Void> close() {
    return kill().then(Mono.fromRunnable(this::cleanUp));
  }

  private void cleanUp() {
    Runtime.getRuntime().removeShutdownHook(reaper);
    LocalResources.remove(directory);
  }
}
