package io.multiswarm.load.target;

import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
public final class RedisServerProcess implements SharedRedis {

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
    ALWAYS;

    /** As Redis is told. */
    List<String> settings() {
      return List.of(
          "appendonly yes", "appendfsync " + name().toLowerCase(Locale.ROOT), "save \"\"");
    }
  }

  private final Path directory;
  private final List<String> command;
  private final int port;
  private final Scheduler clock;
  private final Thread reaper;
  private volatile Process process;

  private RedisServerProcess(
      Process process, Path directory, List<String> command, int port, Scheduler clock) {
    this.process = process;
    this.directory = directory;
    this.command = command;
    this.port = port;
    this.clock = clock;
    this.reaper = new Thread(this::end, "redis-reaper");
  }

  /** Starts one that is alone, and waits until it accepts connections. */
  public static Mono<RedisServerProcess> start(Sync sync, Scheduler clock) {
    return start(sync.settings(), List.of(), clock);
  }

  /**
   * The same.
   *
   * @param program a redis-server of this machine
   */
  public static Mono<RedisServerProcess> start(Path program, Sync sync, Scheduler clock) {
    return start(any -> program, sync.settings(), List.of(), clock);
  }

  /**
   * The same.
   *
   * @param settings beyond its port and its directory
   * @param flags behind the file that has them
   */
  static Mono<RedisServerProcess> start(
      List<String> settings, List<String> flags, Scheduler clock) {
    return start(RedisServerProcess::unpacked, settings, flags, clock);
  }

  private static Mono<RedisServerProcess> start(
      Program program, List<String> settings, List<String> flags, Scheduler clock) {
    return Blocking.call(() -> launch(program, settings, flags, clock))
        .flatMap(
            redis ->
                redis
                    .ready()
                    .thenReturn(redis)
                    .onErrorResume(error -> redis.close().then(Mono.error(error))));
  }

  /** What is run, given the directory that is Redis's own. */
  private interface Program {
    Path in(Path directory) throws IOException;
  }

  private static RedisServerProcess launch(
      Program source, List<String> settings, List<String> flags, Scheduler clock)
      throws IOException {
    Path directory = Files.createTempDirectory("load-tests-redis-");
    Path program = source.in(directory);
    int port = LocalResources.freePort();
    List<String> lines =
        new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir \"" + directory + "\""));
    lines.addAll(settings);
    Path configuration = Files.write(directory.resolve("redis.conf"), lines);
    List<String> command = new ArrayList<>(List.of(program.toString(), configuration.toString()));
    command.addAll(flags);
    var redis = new RedisServerProcess(run(command, directory), directory, command, port, clock);
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
    try (InputStream packaged = RedisServerProcess.class.getResourceAsStream("/" + name)) {
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

  /** What it stored stays. */
  @Override
  public Mono<Void> kill() {
    return Mono.fromRunnable(this::end).then(Mono.fromFuture(() -> process.onExit())).then();
  }

  @Override
  public Mono<Void> restart() {
    return Blocking.call(() -> run(command, directory))
        .doOnNext(started -> process = started)
        .then(ready());
  }

  /** SIGSTOP: it stands still, its connections stay. */
  public Mono<Void> freeze() {
    return Mono.defer(() -> UnixSignal.STOP.send(process));
  }

  /** After {@link #freeze}. */
  public Mono<Void> thaw() {
    return Mono.defer(() -> UnixSignal.CONT.send(process));
  }

  /** {@code CONFIG SET}. */
  public Mono<Void> configure(String name, String value) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new RedisConsole(clock)),
        console -> console.order(this, CommandType.CONFIG, "SET", name, value).then(),
        RedisConsole::close);
  }

  /**
   * Lets no other process of the machine keep it from running, so that how long its commands take
   * is their own doing. False where that is not allowed, or not to be had.
   */
  public Mono<Boolean> favour() {
    return Blocking.call(
            () ->
                new ProcessBuilder("chrt", "-f", "-a", "-p", "1", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start())
        .flatMap(chrt -> Mono.fromFuture(chrt.onExit()))
        .map(chrt -> chrt.exitValue() == 0)
        .onErrorReturn(IOException.class, false);
  }

  /** What {@code SLOWLOG} has, the newest first; it begins anew. */
  public Mono<List<SlowCall>> takeSlowCalls(int most) {
    return Mono.usingWhen(
            Mono.fromSupplier(() -> new RedisConsole(clock)),
            console ->
                console
                    .ask(this, commands -> commands.slowlogGet(most))
                    .delayUntil(any -> console.ask(this, commands -> commands.slowlogReset())),
            RedisConsole::close)
        .map(entries -> entries.stream().map(RedisServerProcess::slowCall).toList());
  }

  /** An id, a time, the microseconds, the arguments, and who it was. */
  private static SlowCall slowCall(Object entry) {
    List<?> parts = (List<?>) entry;
    List<?> arguments = (List<?>) parts.get(3);
    return new SlowCall((Long) parts.get(2), arguments.stream().map(String::valueOf).toList());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void end() {
    process.destroyForcibly();
  }

  private Mono<Void> ready() {
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

  @Override
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  @Override
  public URI heardAt() {
    return uri();
  }

  @Override
  public Mono<URI> writable() {
    return Mono.just(uri());
  }

  @Override
  public Mono<Void> whole() {
    return Mono.empty();
  }

  int port() {
    return port;
  }

  @Override
  public Mono<Void> close() {
    return kill().then(Mono.fromRunnable(this::cleanUp));
  }

  private void cleanUp() {
    Runtime.getRuntime().removeShutdownHook(reaper);
    LocalResources.remove(directory);
  }
}
