package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command that runs, as a process group that ends with it. */
final class TaskProcess {

  private static final Logger log = LoggerFactory.getLogger(TaskProcess.class);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Process process;
  private final CompletableFuture<Integer> ended;

  private TaskProcess(Process process, CompletableFuture<Integer> ended) {
    this.process = process;
    this.ended = ended;
  }

  /**
   * What is started.
   *
   * @param directory the command's working directory
   * @param input the file that is its standard input
   * @param environment what it has beside the runner's own; a value of "" removes one
   */
  record Start(List<String> command, Path directory, Path input, Map<String, String> environment) {}

  /**
   * Starts it; may wait.
   *
   * @param threads that read its outputs, two of them until it has ended
   */
  static TaskProcess start(
      Supervision supervision, Start start, TaskOutput output, Executor threads)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(supervision.commandLine(start.input(), start.command()))
            .directory(start.directory().toFile());
    start.environment().forEach((name, value) -> set(builder.environment(), name, value));
    Process process = builder.start();
    CompletableFuture<Void> read =
        CompletableFuture.allOf(
            read(process.getInputStream(), output::readOutput, threads),
            read(process.getErrorStream(), output::readErrors, threads));
    CompletableFuture<Void> rest =
        process.onExit().thenRunAsync(() -> endRest(process, read), threads);
    CompletableFuture<Integer> ended =
        CompletableFuture.allOf(rest, read).thenApply(done -> process.exitValue());
    return new TaskProcess(process, ended);
  }

  /**
   * The shell has ended, and so must what the command left behind, which may hold its outputs open.
   * The end of the pipe tells the listener, whose group lives as long as it does; when somebody
   * killed that too, whoever holds the outputs is in the group.
   */
  private static void endRest(Process process, CompletableFuture<Void> read) {
    try {
      process.getOutputStream().close();
    } catch (IOException nobodyListens) {
      // Then the group has ended, or is ended below.
    }
    CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!read.isDone()) {
                killGroup(process.pid());
              }
            });
  }

  private static void killGroup(long id) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + id).start();
    } catch (IOException e) {
      log.warn("the process group {} was not ended: {}", id, e.getMessage());
    }
  }

  private static void set(Map<String, String> environment, String name, String value) {
    if (value.isEmpty()) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
  }

  private interface Reading {
    void read(InputStream from) throws IOException;
  }

  private static CompletableFuture<Void> read(InputStream from, Reading reading, Executor threads) {
    return CompletableFuture.runAsync(
        () -> {
          try (from) {
            reading.read(from);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }

  /** Completes with the exit code when it has ended and its outputs were read. */
  CompletableFuture<Integer> ended() {
    return ended;
  }

  long pid() {
    return process.pid();
  }

  /** Sends the whole group a signal; may wait. */
  void signal(String name) {
    try {
      OutputStream control = process.getOutputStream();
      control.write((name + "\n").getBytes(US_ASCII));
      control.flush();
    } catch (IOException nobodyListens) {
      // Somebody killed the shell that hands signals on, and only that one.
      process
          .descendants()
          .forEach(name.equals("KILL") ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
      if (name.equals("KILL")) {
        // By the handle: the process's own method would close its outputs.
        process.toHandle().destroyForcibly();
      }
    }
  }
}
