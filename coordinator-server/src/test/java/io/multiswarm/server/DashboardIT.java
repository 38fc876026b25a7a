package io.multiswarm.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.Ports;
import io.multiswarm.testing.RedisTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser, before a real server. */
@RedisTest
@Timeout(300)
class DashboardIT {

  private static final Path SCRIPTS = Path.of("src/test/clients");
  private static final ClientRuntime NODE = ClientRuntime.node("Node 22", "node22");

  @TempDir private Path directory;

  @BeforeEach
  void assumeThatAllIsHere() {
    NODE.assumePresent();
    assumeTrue(chromium() != null, "Chromium is not here; .ci/run installs it");
  }

  private static String chromium() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .orElse(null);
  }

  private ServerProcess server(OwnedRedis redis, int port) throws IOException {
    return ServerProcess.start(
        directory,
        Map.of(
            "PORT",
            Integer.toString(port),
            "REDIS_HOST",
            redis.host(),
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "SESSION_GRACE",
            "60s"));
  }

  private ClientProcess look(String script, String... args) throws Exception {
    Files.copy(SCRIPTS.resolve(script + ".mjs"), directory.resolve(script + ".mjs"));
    return NODE.start(directory, script, args);
  }

  @Test
  void pages_lookedAtAndActedOn_showWhatIs(OwnedRedis redis) throws Exception {
    int port = Ports.free();
    String url = "http://127.0.0.1:" + port;
    try (ServerProcess first = server(redis, port)) {
      first.awaitPort();
      ClientRuntime.prepare(directory, port);
      ClientRuntime.copy(Path.of("node_modules/playwright-core"), directory);
      try (ClientProcess browser = look("dashboard", url, chromium())) {
        browser.awaitLine("the middle", "restart"::equals);
        first.terminate();
        first.awaitExit();
        try (ServerProcess second = server(redis, port)) {
          second.awaitPort();
          browser.type("restarted");
          browser.awaitLine("its verdict", "verdict good"::equals);
          browser.awaitSuccess();
        }
      }
    }
  }
}
