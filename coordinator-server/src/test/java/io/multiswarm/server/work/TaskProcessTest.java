package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes, under setsid and under what stands in for it where there is none. */
@Timeout(120)
class TaskProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @TempDir private Path directory;

  private TaskOutput output;
  private TaskLog log;

  static Stream<Supervision> supervisions() {
    return Stream.of(Supervision.ofThisMachine(), new Supervision(Supervision.byPerl(), List.of()));
  }

  @BeforeEach
  void begin() throws IOException {
    log = TaskLog.create(directory.resolve("log"), 1_000_000);
    output = new TaskOutput(log);
  }

  @AfterEach
  void end() throws IOException {
    log.close();
    threads.shutdownNow();
  }

  private TaskProcess start(Supervision supervision, String script) throws IOException {
    Path input = Files.writeString(directory.resolve("task.json"), "{\"id\":\"t1\"}");
    // Its name is how its processes are found.
    Path file = Files.writeString(directory.resolve("script.sh"), script);
    return TaskProcess.start(
        supervision,
        new TaskProcess.Start(
            List.of("/bin/sh", file.toString(), directory.toString()),
            directory,
            input,
            Map.of("TASK_ID", "t1", "HOME", "")),
        output,
        threads);
  }

  private static int code(TaskProcess process) throws Exception {
    return process.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Processes whose command line names the directory of this test. */
  private List<String> alive() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }

  private void awaitNobody() {
    Await.awaitValue("the end of all", PATIENCE, this::alive, List::isEmpty);
  }

  private void awaitFile(String name) {
    Await.await(name, PATIENCE, () -> Files.exists(directory.resolve(name)));
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void command_ended_givesItsCodeItsResultAndItsErrors(Supervision supervision) throws Exception {
    TaskProcess process =
        start(
            supervision,
            "read -r task; echo text; echo \"{\\\"task\\\":$task,\\\"env\\\":\\\"$TASK_ID$HOME\\\"}\"; echo bad >&2; exit 7");

    assertThat(code(process)).isEqualTo(7);
    assertThat(output.errors()).isEqualTo("bad\n");
    Json result = Json.parse("{\"task\":{\"id\":\"t1\"},\"env\":\"t1\"}");
    assertThat(output.result()).isEqualTo(result);
    assertThat(output.takeProgress()).isEqualTo(result);
    assertThat(output.takeProgress()).isNull();
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void command_signalled_hearsItWithItsWholeGroup(Supervision supervision) throws Exception {
    TaskProcess process =
        start(
            supervision,
            """
            trap 'wait; exit 3' TERM
            (trap 'touch $1/child; exit' TERM; touch $1/ready; while :; do sleep 0.1; done) &
            wait; wait
            """);
    awaitFile("ready");

    process.signal("TERM");

    assertThat(code(process)).isEqualTo(3);
    assertThat(directory.resolve("child")).exists();
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void command_thatIgnoresSigterm_isKilledWithWhatItStarted(Supervision supervision)
      throws Exception {
    TaskProcess process =
        start(
            supervision,
            "trap '' TERM; sh -c 'trap \"\" TERM; sleep 1000; :' $1 & touch $1/ready; sleep 1000; :");
    awaitFile("ready");

    process.signal("TERM");
    process.signal("KILL");

    assertThat(code(process)).isEqualTo(128 + 9);
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void command_thatLeavesOthersBehind_takesThemAlong(Supervision supervision) throws Exception {
    TaskProcess process =
        start(supervision, "sh -c 'sleep 1000; :' $1 & setsid sh -c 'sleep 1000; :' $1 & exit 0");

    assertThat(code(process)).isZero();
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void commandWhoseShellIsKilled_ends(Supervision supervision) throws Exception {
    TaskProcess process = start(supervision, "touch $1/ready; sleep 1000; :");
    awaitFile("ready");

    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);

    assertThat(code(process)).isEqualTo(128 + 9);
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void commandWhoseShellAndListenerAreKilled_ends(Supervision supervision) throws Exception {
    TaskProcess process = start(supervision, "touch $1/ready; sleep 1000; :");
    awaitFile("ready");
    ProcessHandle shell = ProcessHandle.of(process.pid()).orElseThrow();
    List<ProcessHandle> both = new ArrayList<>(listener(process));
    both.add(shell);

    both.forEach(ProcessHandle::destroyForcibly);

    assertThat(code(process)).isEqualTo(128 + 9);
    awaitNobody();
  }

  private static List<ProcessHandle> listener(TaskProcess process) {
    List<ProcessHandle> listener =
        ProcessHandle.of(process.pid())
            .orElseThrow()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(" supervise "))
            .toList();
    assertThat(listener).hasSize(1);
    return listener;
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void commandWhoseListenerIsKilled_canStillBeEnded(Supervision supervision) throws Exception {
    TaskProcess process = start(supervision, "touch $1/ready; sleep 1000; :");
    awaitFile("ready");
    ProcessHandle listener = listener(process).get(0);
    listener.destroyForcibly();
    Await.await("its end", PATIENCE, () -> !listener.isAlive());

    process.signal("KILL");

    assertThat(code(process)).isEqualTo(128 + 9);
    awaitNobody();
  }

  @ParameterizedTest
  @MethodSource("supervisions")
  void commandNotFound_is127(Supervision supervision) throws Exception {
    assertThat(code(start(supervision, "exec /no/such/program"))).isEqualTo(127);
  }
}
