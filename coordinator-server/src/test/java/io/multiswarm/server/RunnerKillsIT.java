package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.Ports;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Commands, the runner and the node that it is connected to are killed with -9 while it works.
 * {@code -Drunner.kills=100} kills more than the few of each that every build has.
 */
@RedisTest
@Timeout(3_600)
class RunnerKillsIT {

  private static final int KILLS = Integer.getInteger("runner.kills", 2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * Each attempt writes a line when it begins and when it ends, and leaves somebody behind who ends
   * by no will of his own.
   */
  private static final String SCRIPT =
      """
      echo "began $TASK_ID $TASK_ATTEMPT $$" >> journal
      sleep 7200 &
      sleep 0.4
      echo "ended $TASK_ID $TASK_ATTEMPT" >> journal
      echo "{\\"by\\":$TASK_ATTEMPT}"
      """;

  @TempDir private Path directory;

  private final List<Integer> ports = List.of(Ports.free(), Ports.free());
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<String> submitted = new ArrayList<>();
  private ServerProcess runner;

  @AfterEach
  void end() throws Exception {
    if (runner != null) {
      runner.kill();
    }
    for (ServerProcess node : nodes) {
      node.close();
    }
    RunnerProcess.awaitNoCommands(directory);
  }

  private ServerProcess node(TestRedis redis, int port) throws IOException {
    Map<String, String> settings =
        Map.of(
            "PORT", Integer.toString(port),
            "REDIS_URL", redis.uri(),
            "FLEET", redis.fleet());
    return ServerProcess.start(directory, settings);
  }

  private void startRunner() throws IOException {
    runner = RunnerProcess.start(directory, ports, "--slots=3");
  }

  private static void submit(JsonClient client, List<String> ids) {
    for (String id : ids) {
      client.ok(
          "task.submit",
          "{\"task\":{\"id\":\""
              + id
              + "\",\"description\":\"d\",\"maxAttempts\":1000,\"timeoutMs\":30000}}");
    }
  }

  /** So many that the runner has something to do until all kills are done. */
  private void submitMore(int round) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add("t" + round + "-" + i);
    }
    try (JsonClient client = JsonClient.connect(ports.get(1))) {
      submit(client, ids);
    }
    submitted.addAll(ids);
  }

  private List<ProcessHandle> awaitCommands() {
    return Await.awaitValue(
        "commands", PATIENCE, () -> RunnerProcess.commands(directory), found -> !found.isEmpty());
  }

  private void killCommand() {
    // It may have ended by itself meanwhile, which is as good.
    awaitCommands().get(0).destroyForcibly();
  }

  private void killRunner() throws Exception {
    awaitCommands();
    runner.kill();
    RunnerProcess.awaitNoCommands(directory);
    startRunner();
  }

  private void killFirstNode(TestRedis redis) throws Exception {
    awaitCommands();
    nodes.get(0).kill();
    nodes.set(0, node(redis, ports.get(0)));
    nodes.get(0).awaitPort();
  }

  @Test
  void tasks_whileAllAreKilled_endOnceAndLeaveNothingBehind(TestRedis redis) throws Exception {
    RunnerProcess.script(directory, SCRIPT);
    nodes.add(node(redis, ports.get(0)));
    nodes.add(node(redis, ports.get(1)));
    for (ServerProcess node : nodes) {
      node.awaitPort();
    }
    startRunner();
    for (int round = 0; round < KILLS; round++) {
      // So that who plays many sees how far it is.
      System.out.printf("kills: round %d of %d%n", round + 1, KILLS);
      submitMore(round);
      killCommand();
      killRunner();
      killFirstNode(redis);
    }
    for (String id : submitted) {
      assertEndedOnce(id);
    }
    runner.terminate();
    assertThat(runner.awaitExit()).as(runner.out().toString()).isZero();
    RunnerProcess.awaitNoCommands(directory);
    assertNoTwoAtOnce();
    System.out.printf(
        "%d commands, runners and nodes each were killed: %d tasks ended once, after %d attempts;"
            + " no process is left%n",
        KILLS, submitted.size(), journal().stream().filter(is -> is.startsWith("began")).count());
  }

  private void assertEndedOnce(String id) {
    JsonNode task =
        Await.awaitValue(
            id,
            PATIENCE,
            () -> task(id),
            seen -> seen.get("status").asString().equals("completed"));
    assertThat(
            StreamSupport.stream(task.get("history").spliterator(), false)
                .filter(entry -> entry.get("status").asString().equals("completed")))
        .hasSize(1);
    assertThat(journal()).contains("ended " + id + " " + task.get("result").get("by").asLong());
  }

  private JsonNode task(String id) {
    try (JsonClient client = JsonClient.connect(ports.get(1))) {
      return client.ok("task.get", "{\"taskId\":\"" + id + "\"}").get("task");
    }
  }

  private List<String> journal() {
    try {
      return Files.readAllLines(directory.resolve("journal"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What ended was the latest attempt that had begun: no earlier one was still at work. */
  private void assertNoTwoAtOnce() {
    Map<String, String> latest = new HashMap<>();
    for (String line : journal()) {
      String[] words = line.split(" ");
      if (words[0].equals("began")) {
        latest.put(words[1], words[2]);
      } else {
        assertThat(words[2]).as(line).isEqualTo(latest.get(words[1]));
      }
    }
  }
}
