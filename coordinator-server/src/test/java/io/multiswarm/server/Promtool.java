package io.multiswarm.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus's own checks. What is wrong is what they print; nothing when all is well. */
final class Promtool {

  private Promtool() {}

  static boolean isThere() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
  }

  static String check(String what, Path file) throws IOException, InterruptedException {
    return run(List.of("check", what, file.toString()), "");
  }

  /** As if they were rules. */
  static String checkExpressions(List<String> expressions)
      throws IOException, InterruptedException {
    StringBuilder rules = new StringBuilder("groups:\n- name: board\n  rules:\n");
    for (int i = 0; i < expressions.size(); i++) {
      rules.append("  - record: board_expression:").append(i).append("\n    expr: |-\n      ");
      rules.append(expressions.get(i)).append('\n');
    }
    Path file = Files.createTempFile("board", ".yml");
    try {
      Files.writeString(file, rules.toString());
      return check("rules", file);
    } finally {
      Files.delete(file);
    }
  }

  /** Whether Prometheus can read it. */
  static String checkExposition(String text) throws IOException, InterruptedException {
    Path file = Files.createTempFile("metrics", ".txt");
    try {
      Files.writeString(file, text);
      // Exit code 3 for advice on names, which is a matter of taste.
      return run(List.of("check", "metrics"), file.toString());
    } finally {
      Files.delete(file);
    }
  }

  private static String run(List<String> args, String input)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!input.isEmpty()) {
      builder.redirectInput(Path.of(input).toFile());
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return code == 0 || code == 3 ? "" : code + ": " + said;
  }
}
