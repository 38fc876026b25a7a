package io.multiswarm.load.peers;

import io.multiswarm.load.target.Blocking;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * The programs of Node that drive the others. They come out of this jar, and what they need from
 * npm, in the versions of {@code package-lock.json}, is installed beside them once.
 *
 * @param programs of this machine, by their names
 * @param directory where they are
 */
record PeerDrivers(Map<String, Path> programs, Path directory, Scheduler clock) {

  static final String NODE = "node";
  static final String NPM = "npm";

  private static final String PACKAGE = "package.json";
  private static final String LOCK = "package-lock.json";

  /** Copied when all of it is installed, so that half of an installation is none. */
  private static final String INSTALLED = "installed-lock.json";

  private static final List<String> FILES =
      List.of(PACKAGE, LOCK, "driver.mjs", "bullmq.mjs", "jetstream.mjs", "socketio.mjs");

  private static final Duration INSTALLATION = Duration.ofMinutes(5);
  private static final Duration RUN = Duration.ofMinutes(3);

  /** Completes when they can be run. */
  Mono<Void> install() {
    return Blocking.call(this::unpack)
        .filter(installed -> !installed)
        .flatMap(
            any ->
                new ProgramRun(
                        List.of(
                            program(NPM).toString(),
                            "ci",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts"),
                        directory,
                        INSTALLATION)
                    .lines(clock))
        .flatMap(done -> Blocking.call(this::remember))
        .then();
  }

  /** Whether what npm has to give is there. */
  private boolean unpack() throws IOException {
    Files.createDirectories(directory);
    for (String file : FILES) {
      try (InputStream packaged = PeerDrivers.class.getResourceAsStream(file)) {
        Files.copy(
            Objects.requireNonNull(packaged, file),
            directory.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path installed = directory.resolve(INSTALLED);
    return Files.exists(installed) && Files.mismatch(installed, directory.resolve(LOCK)) < 0;
  }

  /** The versions of the packages that are driven. Reads a file. */
  static Map<String, String> packages() {
    try (InputStream packaged = PeerDrivers.class.getResourceAsStream(PACKAGE)) {
      Map<String, String> versions = new TreeMap<>();
      new JsonMapper()
          .readTree(Objects.requireNonNull(packaged, PACKAGE))
          .path("dependencies")
          .properties()
          .forEach(one -> versions.put(one.getKey(), one.getValue().asString()));
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path remember() throws IOException {
    return Files.copy(
        directory.resolve(LOCK), directory.resolve(INSTALLED), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Runs one.
   *
   * @param what it is to do
   * @param arguments by their names
   */
  Mono<DriverAnswer> run(String driver, String what, Map<String, ?> arguments) {
    List<String> command =
        new ArrayList<>(List.of(program(NODE).toString(), driver + ".mjs", what));
    arguments.forEach((name, value) -> command.add(name + "=" + value));
    return new ProgramRun(command, directory, RUN).lines(clock).map(DriverAnswer::in);
  }

  /** Where a program of this machine is. */
  Path program(String name) {
    return Objects.requireNonNull(programs.get(name), name);
  }
}
