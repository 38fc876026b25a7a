package io.multiswarm.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that is a Redis server. */
record ServerProgram(Path path, ProgramVersion version) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_LINE = 1_000;

  /** Asks a program who it is; empty when it is no Redis server, or cannot be run. Blocks. */
  static Optional<ServerProgram> ask(Path path) {
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      return Optional.empty();
    }
    ProcessBuilder builder = new ProcessBuilder(path.toString(), "--version");
    // Nothing of ours concerns it, and the environment holds secrets.
    builder.environment().clear();
    try {
      Process process = builder.redirectErrorStream(true).start();
      // Harmless when it has ended, as it does at once.
      CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(process::destroyForcibly);
      try (InputStream told = process.getInputStream()) {
        String text = new String(told.readNBytes(LONGEST_LINE), UTF_8);
        return ProgramVersion.told(text.lines().findFirst().orElse(""))
            .map(version -> new ServerProgram(path, version));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(path, version);
  }
}
