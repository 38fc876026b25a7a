package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code coordinator-server work} as a process, and the processes that it starts. */
@RedisTest
@Timeout(240)
class RunnerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private TestServer server;
  private JsonClient client;

  @BeforeEach
  void begin(TestRedis redis) {
    server = TestServer.start(redis);
    client = server.connect();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
    RunnerProcess.awaitNoCommands(directory);
  }

  private ServerProcess runner(String... options) throws Exception {
    return RunnerProcess.start(directory, List.of(server.port()), options);
  }

  private void submit(String id, String more) {
    client.ok(
        "task.submit", "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"" + more + "}}");
  }

  private JsonNode ended(String id) {
    return client.ok("task.await", "{\"taskId\":\"" + id + "\",\"timeoutMs\":60000}").get("task");
  }

  private JsonNode task(String id) {
    return client.ok("task.get", "{\"taskId\":\"" + id + "\"}").get("task");
  }

  private static List<String> reasons(JsonNode task) {
    return StreamSupport.stream(task.get("history").spliterator(), false)
        .map(entry -> entry.path("reason").asString(""))
        .toList();
  }

  @Test
  void tasks_byTheExitOfTheirCommands_endAsTheTableSays() throws Exception {
    RunnerProcess.script(
        directory,
        """
        read -r task
        case $TASK_ID in
          lines) echo starting; echo '{"step":1}'; echo '{"sum":2}'; echo done ;;
          file) echo '{"step":1}'; echo "[\\"$TASK_ATTEMPT\\",\\"$MULTISWARM_TOKEN\\",$task]" > "$TASK_RESULT_FILE" ;;
          text) echo plain ;;
          again) [ "$TASK_ATTEMPT" = 2 ] || exit 75 ;;
          killed) [ "$TASK_ATTEMPT" = 2 ] || kill -9 $$ ;;
          bad) echo 'no such file' >&2; exit 3 ;;
        esac
        """);
    for (String id : List.of("lines", "file", "text", "again", "killed", "bad")) {
      submit(id, ",\"data\":{\"n\":1}");
    }
    try (ServerProcess runner = runner("--slots=3")) {
      assertThat(ended("lines").get("result").toString()).isEqualTo("{\"sum\":2}");
      JsonNode file = ended("file").get("result");
      assertThat(file.get(0).asString()).isEqualTo("1");
      assertThat(file.get(1).asString()).isEmpty();
      assertThat(file.get(2).get("data").get("n").asInt()).isEqualTo(1);
      assertThat(file.get(2).get("swarmId").asString()).isEqualTo("builders");
      assertThat(ended("text").get("result").get("output").asString()).isEqualTo("plain\n");
      assertThat(ended("again").get("attempts").asInt()).isEqualTo(2);
      assertThat(ended("killed").get("attempts").asInt()).isEqualTo(2);
      JsonNode bad = ended("bad");
      assertThat(bad.get("status").asString()).isEqualTo("dead");
      assertThat(bad.get("attempts").asInt()).isEqualTo(1);
      assertThat(bad.get("error").get("message").asString()).isEqualTo("no such file");
      assertThat(directory.resolve("state/logs/bad.1.log")).hasContent("no such file\n");

      runner.terminate();
      assertThat(runner.awaitExit()).isZero();
    }
    assertThat(client.error("swarm.get", "{\"swarmId\":\"builders\"}").toString())
        .contains("NOT_FOUND");
    assertThat(directory.resolve("state/key")).doesNotExist();
  }

  @Test
  void task_silentForLongerThanItsLease_isNotTakenAway() throws Exception {
    RunnerProcess.script(
        directory,
        "echo '{\"at\":\"work\"}'; touch begun; while [ ! -e go ]; do sleep 0.1; done; echo '{}'");
    submit("silent", ",\"timeoutMs\":5000");
    try (ServerProcess runner = runner()) {
      RunnerProcess.awaitFile(directory.resolve("begun"));
      Await.await("its progress", PATIENCE, () -> task("silent").path("progress").has("at"));
      long begun = task("silent").get("history").get(1).get("at").asLong();
      Await.await(
          "twice its lease",
          PATIENCE,
          () -> client.ok("session.ping", "{}").get("time").asLong() > begun + 10_000);
      assertThat(task("silent").get("attempts").asInt()).isEqualTo(1);
      Files.createFile(directory.resolve("go"));
      JsonNode task = ended("silent");
      assertThat(task.get("status").asString()).isEqualTo("completed");
      assertThat(task.get("attempts").asInt()).isEqualTo(1);
      runner.terminate();
      assertThat(runner.awaitExit()).isZero();
    }
  }

  @Test
  void task_cancelled_endsItsWholeProcessTree() throws Exception {
    RunnerProcess.script(
        directory,
        """
        trap 'echo heard > heard' TERM
        if [ "$1" ]; then touch child; while :; do sleep 1; done; fi
        setsid /bin/sh "$0" child &
        while [ ! -e child ]; do sleep 0.1; done
        touch begun
        while :; do sleep 1; done
        """);
    submit("endless", "");
    try (ServerProcess runner = runner("--kill-after=2s")) {
      RunnerProcess.awaitFile(directory.resolve("begun"));
      client.ok("task.cancel", "{\"taskId\":\"endless\"}");
      RunnerProcess.awaitNoCommands(directory);
      assertThat(directory.resolve("heard")).exists();
      assertThat(task("endless").get("status").asString()).isEqualTo("cancelled");

      // The slot is free again.
      RunnerProcess.script(directory, "exit 0");
      submit("next", "");
      assertThat(ended("next").get("status").asString()).isEqualTo("completed");
    }
  }

  @Test
  void runner_toldToStop_letsACommandFinishAndGivesTheOtherBack() throws Exception {
    RunnerProcess.script(
        directory,
        """
        touch "begun.$TASK_ID"
        if [ "$TASK_ID" = quick ]; then
          while [ ! -e go ]; do sleep 0.1; done
          exit 0
        fi
        while :; do sleep 1; done
        """);
    submit("quick", "");
    submit("slow", "");
    try (ServerProcess runner = runner("--slots=2", "--drain=5s", "--kill-after=1s")) {
      RunnerProcess.awaitFile(directory.resolve("begun.quick"));
      RunnerProcess.awaitFile(directory.resolve("begun.slow"));
      runner.terminate();
      runner.awaitLine("stopping; 2 tasks");
      submit("later", "");
      Files.createFile(directory.resolve("go"));
      assertThat(runner.awaitExit()).isZero();
    }
    assertThat(ended("quick").get("status").asString()).isEqualTo("completed");
    JsonNode slow = task("slow");
    assertThat(slow.get("status").asString()).isEqualTo("pending");
    assertThat(slow.get("failures").asInt()).isZero();
    assertThat(task("later").get("status").asString()).isEqualTo("pending");
  }

  @Test
  void command_overItsTime_isEndedAndTriedAgain() throws Exception {
    RunnerProcess.script(directory, "[ \"$TASK_ATTEMPT\" = 2 ] || sleep 1000; exit 0");
    submit("long", "");
    try (ServerProcess runner = runner("--timeout=1s")) {
      JsonNode task = ended("long");
      // The second is quick, but a busy machine may take longer over it than it may take.
      assertThat(task.get("status").asString()).isIn("completed", "dead");
      assertThat(reasons(task).toString()).contains("ran longer than 1 s");
    }
  }

  @Test
  void commands_thatHarmTheRunner_costNobodyElseTheSlot() throws Exception {
    RunnerProcess.script(
        directory,
        """
        case $TASK_ID in
          large) head -c 900000 /dev/zero > "$TASK_RESULT_FILE" ;;
          pipe) mkfifo "$TASK_RESULT_FILE" ;;
          endless) ln -s /dev/zero "$TASK_RESULT_FILE" ;;
          deep) name=$(printf 'd%.0s' $(seq 200))
            /usr/bin/python3 -c "import os
        for i in range(40): os.mkdir('$name'); os.chdir('$name')" ;;
        esac
        """);
    for (String id : List.of("large", "pipe", "endless", "deep", "fine")) {
      submit(id, "");
    }
    try (ServerProcess runner = runner("--cwd-per-task", "--timeout=60s")) {
      assertThat(ended("large").get("error").get("message").asString()).contains("1048576");
      assertThat(ended("pipe").get("error").get("message").asString()).contains("no regular file");
      assertThat(ended("endless").get("status").asString()).isEqualTo("dead");
      assertThat(ended("deep").get("status").asString()).isEqualTo("completed");
      assertThat(ended("fine").get("status").asString()).isEqualTo("completed");
      runner.terminate();
      assertThat(runner.awaitExit()).isZero();
    } finally {
      String tasks = directory.resolve("state/tasks").toString();
      assertThat(new ProcessBuilder("rm", "-rf", tasks).start().waitFor()).isZero();
    }
  }

  @Test
  void runner_ofASwarmThatIsTaken_saysSo() throws Exception {
    client.ok("swarm.create", "{\"id\":\"builders\",\"objective\":\"o\"}");
    RunnerProcess.script(directory, "exit 0");
    try (ServerProcess runner = runner()) {
      assertThat(runner.awaitExit()).isEqualTo(1);
      assertThat(runner.err().toString())
          .contains("swarm: builders exists")
          .contains("--state-dir");
    }
  }
}
