package io.multiswarm.server;

import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.Ports;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser, before a real server. */
@RedisTest
@Timeout(300)
class DashboardIT {

  @TempDir private Path directory;

  @BeforeEach
  void assumeThatAllIsHere() {
    Browser.assumePresent();
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

  private ClientProcess look(String script, int port, String... args) throws Exception {
    return ClientProcess.start(directory, Browser.command(directory, script, port, args));
  }

  @Test
  void pages_lookedAtAndActedOn_showWhatIs(OwnedRedis redis) throws Exception {
    int port = Ports.free();
    try (ServerProcess first = server(redis, port)) {
      first.awaitPort();
      try (ClientProcess browser = look("dashboard", port)) {
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

  @Test
  void controls_ofEveryPage_areThoseThatTheTokenMayUse(TestRedis redis) throws Exception {
    String reading = "token-that-only-reads";
    String submitting = "token-that-submits-too";
    String ruling = "token-that-may-all-of-it";
    TokensFixture tokens =
        new TokensFixture(directory)
            .write(
                TokensFixture.entry("reader", reading, "[\"observe\"]", "[\"al*\"]"),
                TokensFixture.entry(
                    "submitter", submitting, "[\"observe\",\"submit\"]", "[\"al*\"]"),
                TokensFixture.entry("ruler", ruling, "[\"admin\"]", "[\"*\"]"));
    try (TestServer server = TestServer.guarded(redis, tokens.security());
        ClientProcess browser =
            look("rights", server.port(), reading, submitting, ruling, String.join(",", reads()))) {
      browser.awaitLine("its verdict", "verdict good"::equals);
      browser.awaitSuccess();
    }
  }

  /** What may be called with the scope observe. */
  private static List<String> reads() {
    Rights rights = Rights.ofTheProtocol();
    return rights.methods().stream()
        .filter(method -> rights.of(method).scopes().contains(Scope.OBSERVE))
        .toList();
  }
}
