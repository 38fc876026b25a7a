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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short runs of the library in this process, whose promises are judged like the server's. */
@RedisTest
@Timeout(300)
class EmbeddedTasksIT {

  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"", "least_loaded", "round_robin", "priority", "capability"})
  void tasks_byEachStrategy_endOnce(String strategy, TestRedis redis) {
    assertThat(run(redis, "--rate", "0", "--strategy", strategy)).as(out.toString()).isZero();

    assertThat(out.toString()).contains("tasks, embedded", "round trips a task", "PASSED");
    assertThat(redis.list("KEYS", "{load-*}:*")).isEmpty();
  }

  @Test
  void tasks_atARate_withWorkToDo_endOnce(TestRedis redis) {
    assertThat(run(redis, "--rate", "200", "--work", "5ms")).as(out.toString()).isZero();
  }

  @Test
  void tasks_withoutCredit_waitUntilThereIsSome(TestRedis redis) {
    assertThat(run(redis, "--rate", "100", "--idle", "1s")).as(out.toString()).isZero();

    assertThat(out.toString())
        .contains("redis commands a second", "credit to first assignment p50")
        .contains("assignments beyond credit  0");
  }

  private int run(TestRedis redis, String... more) {
    Stream<String> arguments =
        Stream.of(
            "tasks",
            "--redis-url",
            redis.uri(),
            "--embedded",
            "--no-server",
            "--swarms",
            "13",
            "--warmup",
            "100ms",
            "--duration",
            "500ms");
    return LoadHarness.commandLine()
        .setOut(new PrintWriter(out))
        .execute(Stream.concat(arguments, Arrays.stream(more)).toArray(String[]::new));
  }
}
