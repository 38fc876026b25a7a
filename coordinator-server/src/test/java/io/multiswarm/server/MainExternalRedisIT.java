package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process beside a Redis that it does not run. */
@RedisTest
@Timeout(180)
class MainExternalRedisIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  private ServerProcess start(OwnedRedis redis, String password) throws IOException {
    return ServerProcess.start(
        directory,
        Map.of(
            "PORT",
            "0",
            "REDIS_HOST",
            redis.host(),
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "REDIS_PASSWORD",
            password));
  }

  private int status(int port, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      return -1;
    }
  }

  /** It listens before that when Redis does not answer within some seconds. */
  private void awaitReady(int port) {
    Await.await("readiness", SOON, () -> status(port, "/readyz") == 200);
  }

  private static void awaitMessage(ServerProcess server) {
    Await.await("a line on standard error", SOON, () -> !server.err().isEmpty());
  }

  @Test
  void server_withARedisNamed_runsNone(OwnedRedis redis) throws Exception {
    try (ServerProcess server = start(redis, "")) {
      awaitReady(server.awaitPort());
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void server_withTheRightPassword_isReadyAndTellsItNobody(OwnedRedis redis) throws Exception {
    redis.config("requirepass", "s3cret/word");
    try (ServerProcess server = start(redis, "s3cret/word")) {
      awaitReady(server.awaitPort());
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.out()).noneMatch(line -> line.contains("s3cret"));
    } finally {
      redis.config("requirepass", "");
    }
  }

  @Test
  void server_withAWrongPassword_isRefusedInOneLine(OwnedRedis redis) throws Exception {
    redis.config("requirepass", "right");
    try (ServerProcess server = start(redis, "wr0ng")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      awaitMessage(server);
      assertThat(server.err())
          .singleElement()
          .asString()
          .contains("refuses the default user (WRONGPASS");
      assertThat(server.err()).noneMatch(line -> line.contains("wr0ng"));
      assertThat(server.out()).noneMatch(line -> line.contains("wr0ng"));
    } finally {
      redis.config("requirepass", "");
    }
  }

  @Test
  void server_withoutThePassword_isRefusedInOneLine(OwnedRedis redis) throws Exception {
    redis.config("requirepass", "right");
    try (ServerProcess server = start(redis, "")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      awaitMessage(server);
      assertThat(server.err()).singleElement().asString().contains("NOAUTH");
    } finally {
      redis.config("requirepass", "");
    }
  }

  @Test
  void server_whoseRedisIsAway_staysUpAndIsReadyWhenItComes(OwnedRedis redis) throws Exception {
    redis.stop();
    try (ServerProcess server = start(redis, "")) {
      int port = server.awaitPort();
      assertThat(status(port, "/healthz")).isEqualTo(200);
      assertThat(status(port, "/readyz")).isEqualTo(503);

      redis.start();

      awaitReady(port);
      try (JsonClient client = JsonClient.connect(port)) {
        client.ok("swarm.create", "{\"objective\":\"o\"}");
      }
    }
  }

  @Test
  void server_whoseRedisIsAway_stopsInOrder(OwnedRedis redis) throws Exception {
    redis.stop();
    try (ServerProcess server = start(redis, "")) {
      server.awaitPort();

      server.terminate();

      assertThat(server.awaitExit()).isZero();
    } finally {
      redis.start();
    }
  }
}
