package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs the clients that people copy. What a machine does not have is no failure:
 * tests that need it are skipped and say what is missing, which {@code .ci/run} installs.
 *
 * @param command null when there is none
 * @param suffix of the scripts that it runs
 */
record ClientRuntime(String name, List<String> command, String suffix) {

  private static final long PATIENCE_SECONDS = 30;
  private static final String MISSING = " is not here; .ci/run installs it";

  /** Where {@code npm ci} put what {@code src/test/clients/package.json} lists. */
  static final Path PACKAGES =
      Path.of(Optional.ofNullable(System.getenv("CLIENT_PACKAGES")).orElse("../.ci/npm"))
          .toAbsolutePath()
          .normalize();

  /** Every one that the clients are made for, here or not. */
  static Stream<ClientRuntime> all() {
    return Stream.of(
        node("Node 20 with ws", "node20"), node("Node 22", "node22"), python("Python"));
  }

  static ClientRuntime node(String name, String dependency) {
    Path program = PACKAGES.resolve("node_modules/" + dependency + "/bin/node");
    return new ClientRuntime(
        name, Files.isExecutable(program) ? List.of(program.toString()) : List.of(), "mjs");
  }

  private static ClientRuntime python(String name) {
    return Stream.of("/usr/bin/python3", "python3")
        .map(program -> List.of(program, "-B"))
        .filter(ClientRuntime::hasWebSockets)
        .findFirst()
        .map(command -> new ClientRuntime(name, command, "py"))
        .orElse(new ClientRuntime(name + " with websockets", List.of(), "py"));
  }

  private static boolean hasWebSockets(List<String> command) {
    List<String> probe = new ArrayList<>(command);
    probe.addAll(List.of("-c", "import sys, websockets; sys.exit(sys.version_info < (3, 10))"));
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void assumePresent() {
    assumeTrue(!command.isEmpty(), name + MISSING);
  }

  /** Puts the clients there as that server gives them, and the package that older Nodes need. */
  static void prepare(Path directory, int port) throws IOException, InterruptedException {
    for (String file : List.of("multiswarm.js", "multiswarm.d.ts", "multiswarm.py")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/clients/" + file))
              .build();
      var response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofFile(directory.resolve(file)));
      assertThat(response.statusCode()).isEqualTo(200);
    }
    Files.writeString(directory.resolve("package.json"), "{\"type\":\"module\"}");
    copy(Path.of("node_modules/ws"), directory);
  }

  /** Puts a package there, as ES modules find packages beside themselves only. */
  static void copy(Path installed, Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(PACKAGES.resolve(installed))) {
      for (Path file : files.toList()) {
        Path target = directory.resolve(PACKAGES.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    } catch (NoSuchFileException e) {
      assertThat(all().filter(one -> one.suffix().equals("mjs")))
          .as("there is a Node without its packages")
          .allMatch(one -> one.command().isEmpty());
    }
  }

  /** Puts all packages there. */
  static void link(Path directory) throws IOException {
    Files.createSymbolicLink(directory.resolve("node_modules"), PACKAGES.resolve("node_modules"));
  }

  /** Starts a program of a package. */
  ClientProcess start(Path directory, Path installed, List<String> args) throws IOException {
    Path program = PACKAGES.resolve("node_modules").resolve(installed);
    assumeTrue(Files.exists(program), installed + MISSING);
    List<String> all = new ArrayList<>(command);
    all.add(program.toString());
    all.addAll(args);
    return ClientProcess.start(directory, all);
  }

  ClientProcess start(Path directory, String script, String... args) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.add(script + '.' + suffix);
    all.addAll(List.of(args));
    return ClientProcess.start(directory, all);
  }

  @Override
  public String toString() {
    return name;
  }
}
