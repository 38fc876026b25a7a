package io.multiswarm.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Scripts that look at the dashboard by Chromium, where there is one. */
final class Browser {

  private static final Path SCRIPTS = Path.of("src/test/clients");
  private static final ClientRuntime NODE = ClientRuntime.node("Node 22", "node22");

  private Browser() {}

  static void assumePresent() {
    NODE.assumePresent();
    assumeTrue(program() != null, "Chromium is not here; .ci/run installs it");
  }

  private static String program() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .orElse(null);
  }

  /**
   * Puts what a script needs into the directory.
   *
   * @param args of the script, after the server's address and the browser's program
   * @return what runs it there
   */
  static List<String> command(Path directory, String script, int port, String... args)
      throws IOException, InterruptedException {
    ClientRuntime.prepare(directory, port);
    ClientRuntime.copy(Path.of("node_modules/playwright-core"), directory);
    String file = script + '.' + NODE.suffix();
    for (String each : List.of(file, "browser.mjs")) {
      Files.copy(SCRIPTS.resolve(each), directory.resolve(each));
    }
    List<String> command = new ArrayList<>(NODE.command());
    command.addAll(List.of(file, "http://127.0.0.1:" + port, program()));
    command.addAll(List.of(args));
    return command;
  }
}
