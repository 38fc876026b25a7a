package io.multiswarm.server;

import ch.qos.logback.classic.Level;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.server.config.ServerCommand;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.ctl.CtlCommands;
import io.multiswarm.server.ctl.Surroundings;
import io.multiswarm.server.demo.DemoCommand;
import io.multiswarm.server.demo.DemoSettings;
import io.multiswarm.server.embedded.EmbeddedRedisException;
import io.multiswarm.server.files.Directories;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.logging.Escapes;
import io.multiswarm.server.logging.JsonLog;
import io.multiswarm.server.mcp.bridge.McpCommand;
import io.multiswarm.server.watchdog.LastResort;
import io.multiswarm.server.work.Runner;
import io.multiswarm.server.work.WorkCommand;
import io.multiswarm.server.work.WorkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The coordinator as a program.
 *
 * <p>Exit codes: 0 when it was told to stop, 1 when it could not start, 2 for a wrong command line
 * or setting; 1 and 2 come with one line on standard error. 3 when it had to end itself, see {@link
 * LastResort}.
 */
public final class Main {

  private final ServerConfig config;
  private final Logger log = LoggerFactory.getLogger(Main.class);
  private final Parts parts = new Parts(Schedulers.parallel());

  private Main(ServerConfig config) {
    this.config = config;
  }

  public static void main(String[] args) {
    LastResort.install();
    ServerCommand.Programs programs =
        new ServerCommand.Programs(
            Main::run,
            config -> StartChecks.report(config, Instant.now()),
            Main::examine,
            Instant::now,
            startsServer(args) ? List.of() : commands());
    System.exit(new ServerCommand(version(), System.getenv(), programs).execute(args));
  }

  /** Whoever starts a server need not wait until dozens of other commands are made. */
  private static boolean startsServer(String... args) {
    return args.length == 0
        || args[0].startsWith("-") && Stream.of(args).noneMatch(Set.of("-h", "--help")::contains);
  }

  private static List<CommandLine> commands() {
    return List.of(
        CtlCommands.commandLine(surroundings()),
        WorkCommand.commandLine(System.getenv(), Main::work),
        McpCommand.commandLine(System.getenv(), System.in),
        DemoCommand.commandLine(Main::demo));
  }

  /** Of commands that are no server: what they print is for others, so nothing else is. */
  private static Surroundings surroundings() {
    return new Surroundings(
        System.getenv(),
        Schedulers.parallel(),
        Instant::now,
        exitCode -> {
          logLevel("OFF");
          Integer code = exitCode.block();
          return code == null ? ExitCode.SOFTWARE : code;
        });
  }

  private static RedisExamination examine(ServerConfig config) {
    logLevel("OFF");
    RedisExamination found = Examinations.of(config, Instant::now).block();
    return found == null ? new RedisExamination(List.of()) : found;
  }

  /** For logback.xml, which is read with the first logger; and for one that was made before. */
  private static void logLevel(String level) {
    System.setProperty("LOG_LEVEL", level);
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.toLevel(level));
      if (root.getLevel() == Level.OFF) {
        // Some libraries have levels of their own.
        root.detachAndStopAllAppenders();
      }
    }
  }

  private static int run(ServerConfig config) {
    logLevel(config.reporting().logLevel());
    if (config.reporting().isJsonLog()) {
      JsonLog.begin();
    }
    return new Main(config).run();
  }

  private static int work(WorkSettings settings) {
    Runner runner =
        Runner.open(
            settings,
            Schedulers.newSingle("runner"),
            Schedulers.newBoundedElastic(Runner.threads(settings), Integer.MAX_VALUE, "commands"));
    CountDownLatch ended = new CountDownLatch(1);
    Thread shutdown = new Thread(() -> stop(runner, ended), "shutdown");
    Runtime.getRuntime().addShutdownHook(shutdown);
    try {
      runner.run().doFinally(end -> ended.countDown()).block();
      return ExitCode.OK;
    } catch (RuntimeException e) {
      System.err.println(
          ServerCommand.NAME
              + ": "
              + Escapes.escape(String.valueOf(Exceptions.unwrap(e).getMessage())));
      return removed(shutdown) ? ExitCode.SOFTWARE : awaitSignal();
    }
  }

  private static void stop(Runner runner, CountDownLatch ended) {
    runner.stop();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private int run() {
    log.info("Configuration: {}", config.reporting().description());
    config.reporting().warnings().forEach(warning -> log.warn("{}", warning));
    StartChecks.lines(config, Instant.now()).forEach(line -> log.info("Check: {}", line));
    StartChecks.warnings(config).forEach(warning -> log.warn("Check: {}", warning));
    return whileServing(
        (startup, ready) -> {
          if (config.reporting().isJsonLog()) {
            log.info("multiswarm coordinator {} {}", version(), ready);
          } else {
            System.out.printf("multiswarm coordinator %s %s%n", version(), ready);
          }
          return startup.refused();
        });
  }

  /** A server with a Redis and data of its own, for as long as the story takes or one looks. */
  private static int demo(DemoSettings settings, PrintWriter out) {
    logLevel("ERROR");
    Path data = settings.newDirectory();
    Main main = new Main(settings.config(data));
    main.parts.add(
        "data of the demo", Startup.REDIS_PATIENCE, () -> Mono.fromCallable(() -> delete(data)));
    return main.whileServing(
        (startup, ready) ->
            Mono.firstWithSignal(
                settings.play(startup.port(), out, Schedulers.parallel()), startup.refused()));
  }

  private static @Nullable Void delete(Path data) throws IOException {
    Directories.delete(data);
    return null;
  }

  /**
   * @param work begins when the server does, with what there is to tell of it; the server stops
   *     when it ends
   */
  private int whileServing(BiFunction<Startup, String, Mono<Void>> work) {
    Thread shutdown = new Thread(this::stopOnSignal, "shutdown");
    Runtime.getRuntime().addShutdownHook(shutdown);
    try {
      Startup startup = new Startup(config, parts, Schedulers.parallel());
      String ready = startup.start().block();
      work.apply(startup, String.valueOf(ready)).block();
    } catch (RuntimeException e) {
      return failed(Exceptions.unwrap(e), shutdown);
    }
    if (!removed(shutdown)) {
      return awaitSignal();
    }
    parts.stop().block();
    return ExitCode.OK;
  }

  private int failed(Throwable failure, Thread shutdown) {
    if (!removed(shutdown)) {
      // Told to stop during the start, which therefore failed: the signal decides how this ends.
      return awaitSignal();
    }
    if (!isExplained(failure)) {
      log.error("The server cannot start", failure);
    }
    String reason = Escapes.escape(String.valueOf(failure.getMessage()));
    System.err.println(ServerCommand.NAME + ": " + reason);
    parts.stop().block();
    return CoordinationException.is(failure, ErrorCode.INVALID_ARGUMENT)
        ? ExitCode.USAGE
        : ExitCode.SOFTWARE;
  }

  private static boolean isExplained(Throwable failure) {
    return failure instanceof EmbeddedRedisException
        || failure instanceof CoordinationException
        || failure instanceof FileException
        || failure instanceof StartException;
  }

  private static boolean removed(Thread shutdown) {
    try {
      return Runtime.getRuntime().removeShutdownHook(shutdown);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and has begun to run it.
      return false;
    }
  }

  private void stopOnSignal() {
    long began = System.nanoTime();
    log.info("Stopping: clients are told to go to another node");
    parts.stop().block();
    log.info("Stopped after {} ms", Duration.ofNanos(System.nanoTime() - began).toMillis());
    // Told to stop and stopped: a success, which the exit code of the signal would deny.
    Runtime.getRuntime().halt(0);
  }

  private static int awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
