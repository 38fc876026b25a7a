package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.health.OnEviction;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@RedisTest
class ReadinessReasonsIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void readyz_onARedisThatMayEvictAndIsAllowedTo_isReadyAndDegraded(OwnedRedis redis)
      throws Exception {
    redis.config("maxmemory", "100mb");
    redis.config("maxmemory-policy", "allkeys-lru");
    Policies policies = Policies.defaults().withOnEviction(OnEviction.DEGRADE);
    try (TestServer server = TestServer.start(redis, CoordinationOptions.defaults(), policies)) {
      HttpResponse<String> answer = get(server, "/readyz");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .startsWith("{\"ready\":true,\"degraded\":true,")
          .contains("{\"name\":\"redis-keeps-data\",\"ok\":false,\"reason\":\"Redis removes keys");
    }
  }

  @Test
  void readyz_afterThePasswordWasChanged_saysThatRedisRefusesTheNode(OwnedRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      redis.config("requirepass", "right");
      redis.killClients("normal");
      redis.killClients("pubsub");
      try {
        String told =
            awaitValue(
                "the reason", SOON, () -> readiness(server), text -> text.contains("NOAUTH"));
        assertThat(told)
            .startsWith("{\"ready\":false,")
            .contains("{\"name\":\"redis-connections\",\"ok\":false,\"reason\":\"Redis at ")
            .contains(" refuses this node, which gave no password (NOAUTH");
      } finally {
        redis.config("requirepass", "");
      }
      await("readiness", SOON, () -> readiness(server).startsWith("{\"ready\":true,"));
    }
  }

  private static String readiness(TestServer server) {
    try {
      return get(server, "/readyz").body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> get(TestServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
