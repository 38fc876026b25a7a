package io.multiswarm.load.peers;

import io.multiswarm.load.target.Blocking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A program that is run to its end, and what it printed. What it started, too, ends with it or with
 * the harness.
 *
 * @param directory in which it runs
 * @param patience after which it is ended
 */
record ProgramRun(List<String> command, Path directory, Duration patience) {

  private static final int LINES_TO_SHOW = 8;

  private record Started(Process process, Path out, Path err, Thread reaper) {}

  /** Runs it once; fails when it says by its exit code that it failed. */
  Mono<List<String>> lines(Scheduler clock) {
    return Mono.usingWhen(
        Blocking.call(this::start),
        started ->
            Mono.fromFuture(started.process()::onExit)
                .timeout(
                    patience,
                    Mono.error(() -> new IllegalStateException(name() + " took too long")),
                    clock)
                .then(Blocking.call(() -> said(started))),
        started -> Blocking.call(() -> end(started)));
  }

  private Started start() throws IOException {
    Path out = Files.createTempFile("load-tests-", ".out");
    Path err = Files.createTempFile("load-tests-", ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    var reaper = new Thread(() -> kill(process), "program-reaper");
    Runtime.getRuntime().addShutdownHook(reaper);
    return new Started(process, out, err, reaper);
  }

  private List<String> said(Started started) throws IOException {
    if (started.process().exitValue() != 0) {
      List<String> lines = Files.readAllLines(started.err());
      throw new IllegalStateException(
          "%s failed: %s"
              .formatted(
                  name(),
                  String.join("\n", lines.subList(0, Math.min(LINES_TO_SHOW, lines.size())))));
    }
    return Files.readAllLines(started.out());
  }

  private static boolean end(Started started) throws IOException {
    kill(started.process());
    Files.deleteIfExists(started.out());
    Files.deleteIfExists(started.err());
    return Runtime.getRuntime().removeShutdownHook(started.reaper());
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private String name() {
    return String.join(" ", command.subList(0, Math.min(3, command.size())));
  }
}
