package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A script that uses a client; ends with the test. */
final class ClientProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final Thread reading;

  private ClientProcess(Process process) {
    this.process = process;
    reading = collect(process.inputReader(), out);
    collect(process.errorReader(), err);
  }

  static ClientProcess start(Path directory, List<String> command) throws IOException {
    return new ClientProcess(new ProcessBuilder(command).directory(directory.toFile()).start());
  }

  private static Thread collect(BufferedReader from, List<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (from) {
                from.lines().forEach(lines::add);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits for a line that fits. */
  String awaitLine(String what, Predicate<String> fits) {
    List<String> found =
        Await.awaitValue(
            what,
            PATIENCE,
            () -> out.stream().filter(fits).toList(),
            lines -> !lines.isEmpty() || !process.isAlive());
    assertThat(found).as("%s in %s, errors %s", what, out, err).isNotEmpty();
    return found.get(0);
  }

  void type(String line) throws IOException {
    Writer input = process.outputWriter();
    input.write(line + '\n');
    input.flush();
  }

  void endInput() throws IOException {
    process.outputWriter().close();
  }

  /** SIGTERM. By the handle, for the process's own method would close its output. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Its end, which must be a success without a word on standard error. */
  void awaitSuccess() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("its end").isTrue();
    assertThat(process.exitValue()).as("after %s, errors %s", out, err).isZero();
    assertThat(err).isEmpty();
  }

  /** All that it wrote until it closed its output. */
  List<String> awaitOut() throws InterruptedException {
    reading.join(PATIENCE.toMillis());
    assertThat(reading.isAlive()).as("whether it still writes").isFalse();
    return out;
  }

  /** Its end, whatever it was. */
  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("its end").isTrue();
    return process.exitValue();
  }

  List<String> out() {
    return out;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
