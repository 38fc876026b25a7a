package io.multiswarm.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The packaged redis-server as a child process, listening on the loopback only. */
final class ForkedRedis implements RedisServer.Owned {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int LAUNCHES = 5;
  private static final int LOG_LINES = 100;
  private static final String PORT_TAKEN = "Address already in use";

  private final Path directory;
  private final int port;
  private final Path configuration;
  private final Program program;
  private final Deque<String> log = new ArrayDeque<>();
  private @Nullable Process process;

  /**
   * What is run.
   *
   * @param ready what it says in its log when it is
   * @param flags behind the file of its configuration
   */
  record Program(Path binary, String ready, List<String> flags) {
    static final Program SERVER = of(Workspace.get().redisBinary());
    static final Program SENTINEL =
        new Program(Workspace.get().redisBinary(), "+monitor", List.of("--sentinel"));

    static Program of(Path binary) {
      return new Program(binary, "Ready to accept connections", List.of());
    }
  }

  private ForkedRedis(Program program, Path directory, int port, List<String> settings)
      throws IOException {
    this.program = program;
    this.directory = directory;
    this.port = port;
    List<String> lines =
        new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir \"" + directory + "\""));
    lines.addAll(settings);
    this.configuration = Files.write(directory.resolve("redis.conf"), lines);
  }

  /**
   * A running server on a port that was free; tried again on another one if somebody was faster.
   */
  static ForkedRedis launch(List<String> settings) {
    return launch(Program.SERVER, port -> settings);
  }

  /**
   * As {@link #launch(List)}.
   *
   * @param settings made of the port
   */
  static ForkedRedis launch(Program program, IntFunction<List<String>> settings) {
    for (int attempt = 1; ; attempt++) {
      ForkedRedis redis = create(program, settings);
      try {
        redis.start();
        return redis;
      } catch (IllegalStateException e) {
        redis.close();
        if (attempt == LAUNCHES || !redis.tail().contains(PORT_TAKEN)) {
          throw e;
        }
      }
    }
  }

  private static ForkedRedis create(Program program, IntFunction<List<String>> settings) {
    try {
      int port = Ports.free();
      return new ForkedRedis(
          program, Workspace.get().newServerDirectory(), port, settings.apply(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  @Override
  public synchronized void start() {
    if (process != null) {
      return;
    }
    try {
      List<String> command =
          new ArrayList<>(List.of(program.binary.toString(), configuration.toString()));
      command.addAll(program.flags);
      Process started =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process = started;
      Files.writeString(pidFile(), Long.toString(started.pid()));
      awaitReady(started);
    } catch (IOException e) {
      throw new UncheckedIOException("forking redis-server in " + directory, e);
    }
  }

  @Override
  public synchronized void stop() {
    end(Process::destroy);
  }

  @Override
  public synchronized void kill() {
    end(Process::destroyForcibly);
  }

  @Override
  public synchronized void pause() {
    signal("STOP");
  }

  @Override
  public synchronized void resume() {
    signal("CONT");
  }

  @Override
  public synchronized void close() {
    kill();
    Directories.delete(directory);
  }

  private void awaitReady(Process started) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Threads.start("redis-log-" + port, () -> readLog(started, ready));
    try {
      ready.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new IllegalStateException(
          "redis-server on port " + port + " didn't become ready:\n" + tail(), e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while redis-server started", e);
    }
  }

  /** Reads to the end, so that the server never waits for a full pipe. */
  private void readLog(Process started, CompletableFuture<Void> ready) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        if (line.contains(program.ready)) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException("the process ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private void remember(String line) {
    synchronized (log) {
      if (log.size() == LOG_LINES) {
        log.removeFirst();
      }
      log.addLast(line);
    }
  }

  /** The end of its log. */
  String tail() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  private void end(Consumer<Process> how) {
    Process ending = process;
    if (ending == null) {
      return;
    }
    how.accept(ending);
    try {
      if (!ending.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "redis-server " + ending.pid() + " didn't end; was it paused?\n" + tail());
      }
      process = null;
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while redis-server ended", e);
    }
  }

  private void signal(String name) {
    Process signalled = process;
    if (signalled == null) {
      throw new IllegalStateException("redis-server on port " + port + " isn't running");
    }
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(signalled.pid()))
              .inheritIO()
              .start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " " + signalled.pid() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signalling redis-server", e);
    }
  }

  private Path pidFile() {
    return directory.resolve("pid");
  }
}
