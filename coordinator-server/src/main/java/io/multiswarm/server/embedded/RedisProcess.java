package io.multiswarm.server.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One run of redis-server, from its birth to its end. */
final class RedisProcess {

  /**
   * On Linux and BSD; elsewhere the signals of a terminal reach redis-server too, and it is started
   * again.
   */
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Process process;
  private final RedisLog output;

  private RedisProcess(Process process) {
    this.process = process;
    this.output = new RedisLog(process);
  }

  /**
   * Starts the program on the data of a directory.
   *
   * @throws EmbeddedRedisException when it cannot be executed
   */
  static RedisProcess start(Path program, DataDirectory directory, Map<String, String> options) {
    ProcessBuilder builder = new ProcessBuilder(command(program, options));
    builder.directory(directory.path().toFile()).redirectErrorStream(true);
    // Nothing of ours concerns it, and the environment holds secrets.
    builder.environment().clear();
    try {
      return new RedisProcess(builder.start());
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "%s cannot be executed (%s): give another --data-dir, or a --redis-url"
              .formatted(program, e.getMessage()),
          e);
    }
  }

  long pid() {
    return process.pid();
  }

  /**
   * Completes when it accepts connections, with an {@link EmbeddedRedisException} when it ends
   * before.
   */
  CompletableFuture<Void> ready() {
    return output.ready();
  }

  /** Completes with its exit code when it has ended, for whatever reason. */
  CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Ends it; completes when it has ended. */
  CompletableFuture<Void> stop() {
    output.expectEnd();
    return ProcessEnd.of(process.toHandle());
  }

  private static List<String> command(Path program, Map<String, String> options) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      // In a session of its own, so that Ctrl-C in a terminal ends the coordinator alone, which
      // still needs its Redis to say goodbye. It does not fork: the process stays our child.
      command.add(SETSID.toString());
    }
    command.add(program.toString());
    options.forEach((option, value) -> command.addAll(List.of("--" + option, value)));
    return command;
  }
}
