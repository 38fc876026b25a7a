package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients that people copy, through what happens to a fleet: the node that they are connected
 * to is killed, and then Redis is started anew.
 */
@RedisTest
@Timeout(300)
class ClientSurvivalIT {

  private static final Path SCRIPTS = Path.of("src/test/clients");

  @TempDir private Path directory;

  static List<ClientRuntime> runtimes() {
    return ClientRuntime.all().toList();
  }

  private ServerProcess server(OwnedRedis redis) throws IOException {
    return ServerProcess.start(
        directory,
        Map.of(
            "PORT",
            "0",
            "REDIS_HOST",
            redis.host(),
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "SESSION_GRACE",
            "20s"));
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void client_whoseNodeIsKilledAndRedisRestarted_losesNothing(
      ClientRuntime runtime, OwnedRedis redis) throws Exception {
    runtime.assumePresent();
    try (ServerProcess first = server(redis);
        ServerProcess second = server(redis)) {
      String[] urls = {
        "ws://127.0.0.1:" + first.awaitPort(), "ws://127.0.0.1:" + second.awaitPort()
      };
      ClientRuntime.prepare(directory, second.awaitPort());
      String script = "survivor." + runtime.suffix();
      Files.copy(
          SCRIPTS.resolve(script), directory.resolve(script), StandardCopyOption.REPLACE_EXISTING);
      try (ClientProcess client = runtime.start(directory, "survivor", urls)) {
        awaitProgress(client, 50);

        first.kill();
        awaitProgress(client, 50);

        redis.restart();
        awaitProgress(client, 50);

        client.endInput();
        assertNothingIsLost(client);
        client.awaitSuccess();
      }
    }
  }

  private static void awaitProgress(ClientProcess client, int more) {
    int now = client.out().size();
    client.awaitLine("progress", line -> client.out().size() >= now + more);
  }

  private static void assertNothingIsLost(ClientProcess client) {
    String line = client.awaitLine("its verdict", told -> told.startsWith("verdict "));
    JsonNode verdict = new JsonMapper().readTree(line.substring(line.indexOf('{')));
    assertThat(verdict.path("problems")).as(line).isEmpty();
    assertThat(verdict.path("sessions").asInt()).as(line).isGreaterThanOrEqualTo(1);
    assertThat(verdict.path("results").asInt()).as(line).isEqualTo(verdict.path("tasks").asInt());
    assertThat(verdict.path("heard").asInt()).as(line).isEqualTo(verdict.path("sent").asInt());
    assertThat(verdict.path("gaps").asInt()).as(line).isZero();
    assertThat(verdict.path("inOrder").asBoolean()).as(line).isTrue();
  }
}
