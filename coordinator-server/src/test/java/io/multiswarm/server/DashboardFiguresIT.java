package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the dashboard before a large fleet and prints what it measured; asserts no time. By
 * hand, as docs/dashboard.md says, with the minutes for which the tab's heap is looked at.
 */
@RedisTest
@Timeout(value = 2, unit = TimeUnit.HOURS)
@EnabledIfSystemProperty(named = DashboardFiguresIT.MINUTES, matches = "\\d+")
class DashboardFiguresIT {

  static final String MINUTES = "dashboard.minutes";

  @Test
  void dashboard_beforeALargeFleet_isMeasured(OwnedRedis redis, @TempDir Path directory)
      throws Exception {
    Browser.assumePresent();
    Map<String, String> environment =
        Map.of(
            "PORT",
            "0",
            "REDIS_HOST",
            redis.host(),
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "TASK_QUEUE_LIMIT",
            "200000",
            "SWARM_MAX_COUNT",
            "20000");
    try (ServerProcess server = ServerProcess.start(directory, environment)) {
      Process script =
          new ProcessBuilder(
                  Browser.command(
                      directory,
                      "figures",
                      server.awaitPort(),
                      System.getProperty(MINUTES),
                      Integer.toString(redis.port()),
                      System.getProperty("dashboard.swarms", "10000"),
                      System.getProperty("dashboard.tasks", "100000")))
              .directory(directory.toFile())
              .inheritIO()
              .start();
      try {
        assertThat(script.waitFor()).isZero();
      } finally {
        script.destroyForcibly();
      }
    }
  }
}
