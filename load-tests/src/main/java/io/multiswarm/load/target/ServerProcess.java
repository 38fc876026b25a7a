package io.multiswarm.load.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/**
 * A server of our own, from its jar, on a free port and with a data directory that goes when it
 * does.
 */
public final class ServerProcess implements Target {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  /** As in {@code redis://host:6379/0}, or {@code redis 127.0.0.1:6379} for the embedded one. */
  private static final Pattern REDIS =
      Pattern.compile("\\bredis(?:://| )([^\\s,\"'}\\]]+:\\d+\\S*?)(?=[\\s,]|$)");

  private static final int LINES_TO_SHOW = 15;

  private final Process process;
  private final Path directory;
  private final int port;
  private final Scheduler clock;
  private final Thread reaper;

  /**
   * What the server started, such as its Redis; it must not outlive the measurement even if the
   * server is killed.
   */
  private volatile List<ProcessHandle> offspring = List.of();

  private volatile boolean paused;

  private ServerProcess(Process process, Path directory, int port, Scheduler clock) {
    this.process = process;
    this.directory = directory;
    this.port = port;
    this.clock = clock;
    this.reaper = new Thread(this::reap, "server-reaper");
  }

  /**
   * Starts the server and waits until it is ready.
   *
   * @param jar the server's program
   * @param flags what it is told beyond its port and data directory
   */
  public static Mono<ServerProcess> start(
      Path jar, List<String> flags, HttpClient http, Scheduler clock) {
    return start(jar, List.of(), flags, http, clock);
  }

  /** The same, on a Redis that runs already. */
  public static Mono<ServerProcess> start(
      Path jar, URI redis, List<String> flags, HttpClient http, Scheduler clock) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("--redis-url", redis.toString()));
    return start(jar, all, http, clock);
  }

  /**
   * The same.
   *
   * @param jvmFlags what its Java is told
   */
  public static Mono<ServerProcess> start(
      Path jar, List<String> jvmFlags, List<String> flags, HttpClient http, Scheduler clock) {
    return Blocking.call(() -> launch(jar, jvmFlags, flags, clock))
        .flatMap(
            server ->
                server
                    .ready(http)
                    .doOnSuccess(ready -> server.offspring = server.process.descendants().toList())
                    .thenReturn(server)
                    .onErrorResume(error -> server.close().then(Mono.error(error))));
  }

  private static ServerProcess launch(
      Path jar, List<String> jvmFlags, List<String> flags, Scheduler clock) throws IOException {
    if (!Files.isReadable(jar)) {
      throw new IllegalArgumentException(
          "There is no server at %s. Build it, name it with --server-jar, or give a running one's --url"
              .formatted(jar));
    }
    Path directory = Files.createTempDirectory("load-tests-");
    int port = LocalResources.freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(
        List.of(
            "--port", Integer.toString(port), "--data-dir", directory.resolve("data").toString()));
    command.addAll(flags);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(directory).toFile())
            .start();
    var server = new ServerProcess(process, directory, port, clock);
    Runtime.getRuntime().addShutdownHook(server.reaper);
    return server;
  }

  private Mono<Void> ready(HttpClient http) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, clock)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                process.isAlive() ? isReady(http) : Mono.error(failure("ended while it started")),
            1)
        .filter(ready -> ready)
        .next()
        .timeout(START_PATIENCE, Mono.error(() -> failure("was not ready in time")), clock)
        .then();
  }

  private Mono<Boolean> isReady(HttpClient http) {
    return http.get()
        .uri("http://127.0.0.1:" + port + "/readyz")
        .response()
        .map(response -> response.status().code() == 200)
        .onErrorReturn(false);
  }

  private IllegalStateException failure(String what) {
    List<String> lines = logLines();
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES_TO_SHOW), lines.size());
    return new IllegalStateException(
        "The server %s. It said:%n%s".formatted(what, String.join("\n", last)));
  }

  private static Path log(Path directory) {
    return directory.resolve("server.log");
  }

  private List<String> logLines() {
    try {
      return Files.readAllLines(log(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI url() {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ws");
  }

  /** As the server itself printed it. */
  @Override
  public Optional<URI> redis() {
    return logLines().stream()
        .map(REDIS::matcher)
        .filter(Matcher::find)
        .map(found -> URI.create("redis://" + found.group(1)))
        .findFirst();
  }

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.of(process.toHandle());
  }

  @Override
  public Mono<Void> close() {
    return Mono.fromRunnable(process::destroy)
        .then(Mono.fromFuture(process::onExit))
        .timeout(STOP_PATIENCE, Mono.fromSupplier(process::destroyForcibly), clock)
        .then(Mono.fromRunnable(this::cleanUp));
  }

  /** SIGTERM; completes when the server has ended, with its exit code. */
  public Mono<Integer> stop() {
    return Mono.defer(
        () -> {
          process.destroy();
          return exit();
        });
  }

  /** SIGKILL; completes when the process is gone. */
  public Mono<Integer> kill() {
    return Mono.defer(
        () -> {
          process.destroyForcibly();
          return exit();
        });
  }

  private Mono<Integer> exit() {
    return Mono.fromFuture(process::onExit)
        .timeout(
            STOP_PATIENCE,
            Mono.defer(() -> Mono.fromFuture(process.destroyForcibly()::onExit)),
            clock)
        .doOnNext(ended -> cleanUp())
        .map(Process::exitValue);
  }

  /** SIGSTOP: the process stands still, its connections stay. */
  public Mono<Void> pause() {
    return Mono.defer(
        () -> {
          paused = true;
          return UnixSignal.STOP.send(process);
        });
  }

  /** SIGCONT after {@link #pause}. */
  public Mono<Void> resume() {
    return UnixSignal.CONT.send(process).doOnSuccess(done -> paused = false);
  }

  /** A paused process would keep SIGTERM for later. */
  private void reap() {
    if (paused) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
  }

  /** May be repeated: what was killed may be closed, too. */
  private void cleanUp() {
    if (!Files.exists(directory)) {
      return;
    }
    Runtime.getRuntime().removeShutdownHook(reaper);
    offspring.forEach(ProcessHandle::destroy);
    LocalResources.remove(directory);
  }
}
