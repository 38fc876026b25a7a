package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.mcp.ScopedClient;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** MCP where tokens are asked for. */
@RedisTest
class McpTokensIT {

  private static final String WORKER = "token-of-worker-0000";
  private static final String LEAD = "token-of-lead-000000";
  private static final String OTHER = "token-of-other-00000";

  @TempDir private Path directory;

  private TestServer server(TestRedis redis) {
    TokensFixture tokens =
        new TokensFixture(directory)
            .write(
                TokensFixture.entry("worker", WORKER, "[\"swarm\"]", "[\"a-*\"]"),
                TokensFixture.entry("lead", LEAD, "[\"swarm\",\"submit\",\"observe\"]", "[\"*\"]"),
                TokensFixture.entry("other", OTHER, "[\"swarm\"]", "[\"b-*\"]"));
    return TestServer.guarded(redis, tokens.security());
  }

  @Test
  void request_withoutAToken_isToldWhereTokensAreToldOf(TestRedis redis) {
    try (TestServer server = server(redis)) {
      HttpResponse<String> refused = ScopedClient.list(server.port(), null);
      assertThat(refused.statusCode()).isEqualTo(401);
      String metadata =
          "http://127.0.0.1:" + server.port() + "/.well-known/oauth-protected-resource/mcp";
      assertThat(refused.headers().firstValue("www-authenticate").orElse(""))
          .isEqualTo("Bearer resource_metadata=\"" + metadata + "\"");
      assertThat(ScopedClient.list(server.port(), "wrong").headers().firstValue("www-authenticate"))
          .hasValueSatisfying(challenge -> assertThat(challenge).contains("invalid_token"));
      JsonNode told = ScopedClient.get(metadata);
      assertThat(told.path("resource").asString())
          .isEqualTo("http://127.0.0.1:" + server.port() + "/mcp");
      assertThat(told.path("scopes_supported").valueStream().map(JsonNode::asString))
          .containsExactly("swarm", "submit", "observe", "admin");
    }
  }

  @Test
  void metadata_behindAProxyWithTls_namesTheAddressThatTheClientUses(TestRedis redis)
      throws Exception {
    ServerConfig.Security trusting =
        new ServerConfig.Security(
            AuthSettings.NONE, null, List.of(AddressRange.parse("127.0.0.1").orElseThrow()), false);
    try (TestServer server = TestServer.guarded(redis, trusting)) {
      String address = "127.0.0.1:" + server.port();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://" + address + "/.well-known/oauth-protected-resource"))
              .header("X-Forwarded-Proto", "https")
              .build();
      String told = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      assertThat(told).contains("\"https://" + address + "/mcp\"");
    }
  }

  @Test
  void tools_shown_areThoseThatTheTokenCanUse(TestRedis redis) {
    try (TestServer server = server(redis)) {
      assertThat(ScopedClient.tools(server.port(), WORKER))
          .containsExactly("join", "next", "report", "send", "reserve");
      assertThat(ScopedClient.tools(server.port(), LEAD)).hasSize(8);
    }
  }

  @Test
  void swarm_outsideTheTokensPatterns_isDenied(TestRedis redis) {
    try (TestServer server = server(redis)) {
      ScopedClient worker = new ScopedClient(server.port(), WORKER);
      assertThat(worker.text("join", Map.of("name", "b-1"))).startsWith("PERMISSION_DENIED");
      JsonNode joined = worker.call("join", Map.of("name", "a-1"));
      assertThat(joined.path("note").asString()).contains("observe");
      // The handle alone is not enough: the other's token does not allow that swarm.
      ScopedClient other = new ScopedClient(server.port(), OTHER);
      Map<String, Object> next =
          Map.of(
              "handle", joined.path("handle").asString(),
              "cursor", joined.path("cursor").asString(),
              "waitSeconds", 0);
      assertThat(other.text("next", next)).startsWith("PERMISSION_DENIED");
      assertThat(worker.call("next", next).has("cursor")).isTrue();
    }
  }

  @Test
  void task_ofAnotherPrincipal_isNotSteered(TestRedis redis) {
    try (TestServer server = server(redis)) {
      ScopedClient lead = new ScopedClient(server.port(), LEAD);
      lead.call("submit", Map.of("tasks", List.of(Map.of("id", "t1", "description", "d"))));
      assertThat(lead.text("steer", Map.of("action", "retry", "task", "t1")))
          .startsWith("PERMISSION_DENIED");
      assertThat(
              lead.call("steer", Map.of("action", "cancel", "task", "t1")).path("hint").asString())
          .contains("cancelled");
    }
  }
}
