package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is compared with must itself keep the promises, or the comparison is unfair. */
@RedisTest
@Timeout(180)
class BaselineIT {

  private final StringWriter out = new StringWriter();

  @Test
  void baseline_saturated_losesNothingAndLeavesNothing(TestRedis redis) {
    int code = messages(redis, "--rate", "0");

    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("bare PUBLISH", "bare script", "websocket / bare script, messages");
    assertThat(redis.list("KEYS", "load:*")).isEmpty();
  }

  @Test
  void baseline_withBroadcasts_losesNothing(TestRedis redis) {
    assertThat(messages(redis, "--rate", "500", "--mix", "50")).as(out.toString()).isZero();
  }

  @Test
  void embedded_mixedMessages_keepsThePromises(TestRedis redis) {
    assertThat(messages(redis, "--rate", "200", "--embedded")).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("embedded / bare PUBLISH, messages", "redis a message, publish");
  }

  @Test
  void baselineOfTasks_saturated_endsEachOnceAndLeavesNothing(TestRedis redis) {
    int code = tasks(redis, "--rate", "0", "--embedded");

    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("tasks, bare scripts", "PASSED")
        .contains("embedded / bare scripts, tasks", "embedded / bare scripts, p99")
        .contains("websocket / bare scripts, tasks", "websocket / bare scripts, p50");
    assertThat(redis.list("KEYS", "load:*")).isEmpty();
  }

  @Test
  void baselineOfTasks_atARate_withWorkToDo_endsEachOnce(TestRedis redis) {
    int code = tasks(redis, "--rate", "200", "--work", "5ms", "--credit", "2", "--no-server");

    assertThat(code).as(out.toString()).isZero();
  }

  @Test
  void baselineOfTasks_withoutCredit_waitsUntilThereIsSome(TestRedis redis) {
    int code = tasks(redis, "--rate", "100", "--idle", "100ms", "--no-server");

    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("waiting tasks and no credit, bare scripts", "assignments beyond credit  0");
  }

  private int messages(TestRedis redis, String... more) {
    return run("messages", redis, more);
  }

  private int tasks(TestRedis redis, String... more) {
    return run("tasks", redis, more);
  }

  private int run(String scenario, TestRedis redis, String... more) {
    try (FakeServer server = FakeServer.honest()) {
      var arguments =
          new String[] {
            scenario,
            "--url",
            server.url().toString(),
            "--redis-url",
            redis.uri(),
            "--baseline",
            "--swarms",
            "10",
            "--warmup",
            "100ms",
            "--duration",
            "500ms",
          };
      return LoadHarness.commandLine()
          .setOut(new PrintWriter(out))
          .execute(concat(arguments, more));
    }
  }

  private static String[] concat(String[] first, String[] second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
  }
}
