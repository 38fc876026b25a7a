package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The server as a process of its own, started from the class path of the tests. */
final class ServerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();

  private ServerProcess(Process process) {
    this.process = process;
    collect(process.inputReader(), out);
    collect(process.errorReader(), err);
  }

  /** Starts it in the directory, with this environment and nothing else. */
  static ServerProcess start(Path directory, Map<String, String> environment, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the executable jar's manifest has it: newer Javas warn of Netty's natives otherwise.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-Xmx256m", "-cp", classPath()));
    // Not the one of the tests.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add(Main.class.getName());
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start());
  }

  /** That of the tests; its entries may be relative to their directory. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void collect(BufferedReader from, List<String> lines) {
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
  }

  /** Waits for a line on standard output in which the pattern is found. */
  MatchResult awaitLine(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    List<MatchResult> found =
        Await.awaitValue(
            pattern + " in " + out + err,
            PATIENCE,
            () -> out.stream().flatMap(line -> compiled.matcher(line).results()).toList(),
            results -> !results.isEmpty() || !process.isAlive());
    assertThat(found).as("%s in %s, errors %s", pattern, out, err).isNotEmpty();
    return found.get(0);
  }

  /** The port of the server, when it listens. */
  int awaitPort() {
    return Integer.parseInt(
        awaitLine("^multiswarm coordinator .* listening on ws://127\\.0\\.0\\.1:(\\d+)/v1/ws ")
            .group(1));
  }

  /** The address of the embedded Redis, when the server is ready. */
  String awaitRedisUrl() {
    return "redis://"
        + awaitLine("^multiswarm coordinator .*\\(redis (127\\.0\\.0\\.1:\\d+), data ").group(1);
  }

  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("its end").isTrue();
    return process.exitValue();
  }

  /** SIGTERM. By the handle, for the process's own method would close its output. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL, of this process alone. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  List<String> out() {
    return out;
  }

  List<String> err() {
    return err;
  }

  @Override
  public void close() throws InterruptedException {
    terminate();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }
}
