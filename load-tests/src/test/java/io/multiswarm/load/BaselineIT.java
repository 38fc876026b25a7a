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
    int code = run(redis, "--rate", "0");

    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("bare PUBLISH", "bare script", "websocket / bare script, messages");
    assertThat(redis.list("KEYS", "load:*")).isEmpty();
  }

  @Test
  void baseline_withBroadcasts_losesNothing(TestRedis redis) {
    assertThat(run(redis, "--rate", "500", "--mix", "50")).as(out.toString()).isZero();
  }

  @Test
  void embedded_mixedMessages_keepsThePromises(TestRedis redis) {
    assertThat(run(redis, "--rate", "200", "--embedded")).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("embedded / bare PUBLISH, messages", "redis a message, publish");
  }

  private int run(TestRedis redis, String... more) {
    try (FakeServer server = FakeServer.honest()) {
      var arguments =
          new String[] {
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
      return Main.commandLine().setOut(new PrintWriter(out)).execute(concat(arguments, more));
    }
  }

  private static String[] concat(String[] first, String[] second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
  }
}
