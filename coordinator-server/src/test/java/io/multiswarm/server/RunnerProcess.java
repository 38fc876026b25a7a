package io.multiswarm.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.multiswarm.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The runner as a process of its own, with a directory whose name finds what it started. */
final class RunnerProcess {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RunnerProcess() {}

  /**
   * Starts one that runs {@code sh job.sh}.
   *
   * @param options further ones of the command line
   */
  static ServerProcess start(Path directory, List<Integer> ports, String... options)
      throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "work",
                "--url=ws://127.0.0.1:" + ports.get(0),
                "--swarm=builders",
                "--state-dir=" + directory.resolve("state")));
    ports.stream().skip(1).forEach(port -> args.add("--or-url=ws://127.0.0.1:" + port));
    args.addAll(List.of(options));
    args.addAll(List.of("--", "/bin/sh", directory.resolve("job.sh").toString()));
    return ServerProcess.start(
        directory,
        Map.of("PATH", System.getenv("PATH"), "MULTISWARM_TOKEN", "secret"),
        args.toArray(String[]::new));
  }

  static void script(Path directory, String script) throws IOException {
    Files.writeString(directory.resolve("job.sh"), script);
  }

  /** The processes of commands: their command lines name the directory's script. */
  static List<ProcessHandle> commands(Path directory) {
    String script = directory.resolve("job.sh").toString();
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().commandLine().filter(line -> isCommand(line, script)).isPresent())
        .toList();
  }

  /** The runner's own names it, too, and begins otherwise. */
  private static boolean isCommand(String line, String script) {
    return line.contains(script) && !line.contains(Main.class.getName());
  }

  static void awaitNoCommands(Path directory) {
    Await.awaitValue("the end of commands", PATIENCE, () -> commands(directory), List::isEmpty);
    Await.awaitValue("the end of what they began", PATIENCE, () -> left(directory), List::isEmpty);
  }

  /** All that runs for a task of that directory, by its environment, where the system shows it. */
  private static List<ProcessHandle> left(Path directory) {
    String file = "TASK_FILE=" + directory;
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains(file))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "environ"), ISO_8859_1);
    } catch (IOException endedOrNotShown) {
      return "";
    }
  }

  static void awaitFile(Path file) {
    Await.await(file.toString(), PATIENCE, () -> Files.exists(file));
  }
}
