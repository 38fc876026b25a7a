package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.ctl.Ctl;
import io.multiswarm.server.mcp.ScopedClient;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** One process that serves two fleets, {@code a} before {@code b}. */
@RedisTest
class SeveralFleetsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String FREE = "token-of-any-fleet-00";
  private static final String OF_B = "token-of-fleet-b-0000";
  private static final String ADMIN_OF_B = "token-of-admin-b-0000";

  private final OwnedRedis redis;
  private final String a;
  private final String b;

  SeveralFleetsIT(OwnedRedis redis) {
    this.redis = redis;
    this.a = redis.fleet() + ".a";
    this.b = redis.fleet() + ".b";
  }

  private TestServer server(ServerConfig.Security security) {
    return TestServer.several(redis.uri(), security, List.of(a, b));
  }

  private TestServer open() {
    return server(ServerConfig.Security.NONE);
  }

  private TokensFixture tokens(Path directory) {
    return new TokensFixture(directory).write(entry("free", FREE, ""), boundTo(OF_B, b));
  }

  private static String entry(String name, String token, String more) {
    String plain = TokensFixture.entry(name, token, "[\"swarm\",\"observe\"]", "[\"*\"]");
    return plain.substring(0, plain.length() - 1) + more + "}";
  }

  private static String boundTo(String token, String fleet) {
    return entry("bound", token, ",\"fleets\":[\"" + fleet + "\"]");
  }

  private static JsonClient in(TestServer server, String fleet) {
    JsonClient client = JsonClient.connectOnly(server.port());
    assertThat(client.ok("session.open", opening(fleet)).get("fleet").asString()).isEqualTo(fleet);
    return client;
  }

  private static String opening(String fleet) {
    return "{\"protocol\":1,\"fleet\":\"" + fleet + "\"}";
  }

  private static String opening(String token, String fleet) {
    return "{\"protocol\":1,\"token\":\"%s\",\"fleet\":\"%s\"}".formatted(token, fleet);
  }

  private static String create(JsonClient client, String id) {
    return client
        .ok("swarm.create", "{\"id\":\"" + id + "\",\"objective\":\"o\"}")
        .get("key")
        .asString();
  }

  @Test
  void swarmsTasksAndMessages_ofOneFleet_areNotThereInTheOther() {
    try (TestServer server = open();
        JsonClient inA = in(server, a);
        JsonClient inB = in(server, b)) {
      create(inA, "same");
      create(inB, "same");
      String key = create(inA, "alone");
      inB.ok("channel.subscribe", "{\"channel\":\"swarm:global\"}");
      inA.ok(
          "message.publish",
          "{\"channel\":\"swarm:global\",\"from\":\"same\",\"type\":\"note\",\"data\":\"of-a\"}");
      inA.ok("task.submit", "{\"task\":{\"id\":\"t\",\"description\":\"d\"}}");

      assertThat(inB.refusal("swarm.get", "{\"swarmId\":\"alone\"}")).startsWith("NOT_FOUND");
      assertThat(inB.refusal("swarm.attach", "{\"swarmId\":\"alone\",\"key\":\"" + key + "\"}"))
          .startsWith("NOT_FOUND");
      assertThat(inB.refusal("task.get", "{\"taskId\":\"t\"}")).startsWith("NOT_FOUND");
      assertThat(inA.ok("swarm.list", "{}").get("swarms")).hasSize(2);
      assertThat(inB.ok("swarm.list", "{}").get("swarms")).hasSize(1);
      assertThat(inA.ok("node.list", "{}").get("nodes")).hasSize(1);
      inB.ok(
          "message.publish",
          "{\"channel\":\"swarm:global\",\"from\":\"same\",\"type\":\"note\",\"data\":\"of-b\"}");
      assertThat(inB.next("channel.message").toString()).contains("of-b").doesNotContain("of-a");
    }
  }

  @Test
  void swarm_thatIsTakenOver_isLostToItsSessionInThatFleetAlone() {
    try (TestServer server = open();
        JsonClient inA = in(server, a);
        JsonClient inB = in(server, b);
        JsonClient taker = in(server, b)) {
      create(inA, "same");
      String key = create(inB, "same");
      taker.ok("swarm.attach", "{\"swarmId\":\"same\",\"key\":\"" + key + "\"}");

      assertThat(inB.next("swarm.detached").get("swarmId").asString()).isEqualTo("same");
      inA.ok("swarm.heartbeat", "{\"swarmId\":\"same\"}");
    }
  }

  @Test
  void session_thatNamesNoneOrAnother_isInTheFirstOrRefusedByName() {
    try (TestServer server = open();
        JsonClient none = JsonClient.connect(server.port());
        JsonClient other = JsonClient.connectOnly(server.port())) {
      assertThat(none.welcome().get("fleet").asString()).isEqualTo(a);
      JsonNode refused = other.error("session.open", opening("elsewhere"));

      assertThat(refused.toString())
          .contains("INVALID_ARGUMENT", "fleet: elsewhere is not served here, but " + a + ", " + b);
      other.ok("session.open", opening(b));
    }
  }

  @Test
  void token_thatIsBound_isGoodForItsFleetAlone(@TempDir Path directory) {
    TokensFixture tokens = tokens(directory);
    try (TestServer server = server(tokens.security());
        JsonClient bound = JsonClient.connect(server.port(), OF_B);
        JsonClient free = JsonClient.connect(server.port(), FREE);
        JsonClient trying = JsonClient.connectOnly(server.port())) {
      assertThat(bound.welcome().get("fleet").asString()).isEqualTo(b);
      assertThat(free.welcome().get("fleet").asString()).isEqualTo(a);
      for (String other : List.of(a, "elsewhere")) {
        assertThat(trying.error("session.open", opening(OF_B, other)).toString())
            .contains(
                "PERMISSION_DENIED", "fleet: the token is for %s, not for %s".formatted(b, other));
      }
      trying.ok("session.open", opening(FREE, b));

      tokens.write(entry("free", FREE, ""), boundTo(OF_B, a));
      assertThat(bound.closeCode()).isEqualTo(4500);
    }
  }

  @Test
  void token_ofAnotherFleet_doesNotOpenAServerOfOne(@TempDir Path directory) {
    String admin =
        TokensFixture.entry("admin", ADMIN_OF_B, "[\"admin\"]", "[\"*\"]")
            .replace("}", ",\"fleet\":\"" + b + "\"}");
    ServerConfig.Security security = new TokensFixture(directory).write(admin).security();
    try (TestServer server = TestServer.guarded(redis, security);
        JsonClient client = JsonClient.connectOnly(server.port())) {
      assertThat(client.error("session.open", JsonClient.opening(ADMIN_OF_B)).toString())
          .contains("PERMISSION_DENIED", "fleet: the token is for " + b + ", which is not served");
    }
  }

  @Test
  void agents_ofTwoFleetsWithOneName_areNotTheSame(@TempDir Path directory) {
    try (TestServer server = server(tokens(directory).security())) {
      ScopedClient inA = new ScopedClient(server.port(), FREE);
      ScopedClient inB = ScopedClient.in(b, server.port(), FREE);
      ScopedClient bound = new ScopedClient(server.port(), OF_B);
      JsonNode joined = inA.call("join", Map.of("name", "ada"));
      String handle = joined.path("handle").asString();
      String cursor = joined.path("cursor").asString();
      inB.call("join", Map.of("name", "ada"));
      inA.call("join", Map.of("name", "only-in-a"));

      assertThat(inA.text("status", Map.of("about", "swarms"))).contains("ada", "only-in-a");
      for (ScopedClient ofB : List.of(inB, bound)) {
        assertThat(ofB.text("status", Map.of("about", "swarms")))
            .contains("ada")
            .doesNotContain("only-in-a");
      }
      assertThat(inB.text("next", Map.of("handle", handle, "cursor", cursor, "wait", 0)))
          .startsWith("PERMISSION_DENIED");
      assertThat(ScopedClient.in(a, server.port(), OF_B).text("status", Map.of()))
          .startsWith("PERMISSION_DENIED");
    }
  }

  static List<ClientRuntime> runtimes() {
    return ClientRuntime.all().toList();
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void clients_thatPeopleCopy_takeTheFleetAsAnOption(ClientRuntime runtime, @TempDir Path directory)
      throws Exception {
    runtime.assumePresent();
    Files.writeString(
        directory.resolve("fleet.mjs"),
        """
        import { connect } from "./multiswarm.js";
        const client = await connect(process.argv[2], { fleet: process.argv[3] });
        console.log(`in ${client.welcome.fleet}`);
        client.close();
        """);
    Files.writeString(
        directory.resolve("fleet.py"),
        """
        import asyncio, sys
        from multiswarm import connect
        async def main():
            async with await connect(sys.argv[1], fleet=sys.argv[2]) as client:
                print("in", client.welcome["fleet"])
        asyncio.run(main())
        """);
    try (TestServer server = open()) {
      ClientRuntime.prepare(directory, server.port());
      try (ClientProcess client =
          runtime.start(directory, "fleet", "ws://127.0.0.1:" + server.port(), b)) {
        client.awaitSuccess();
        assertThat(client.awaitOut()).containsExactly("in " + b);
      }
    }
  }

  @Test
  void commands_ofCtl_areForTheFleetThatIsNamed() {
    try (TestServer server = open();
        JsonClient inB = in(server, b)) {
      create(inB, "only-in-b");
      Ctl ctl = new Ctl();
      ctl.environment().put("MULTISWARM_URL", "ws://127.0.0.1:" + server.port());

      assertThat(ctl.json("swarms").toString()).doesNotContain("only-in-b");
      assertThat(ctl.json("swarms", "--in-fleet", b).toString()).contains("only-in-b");
      ctl.environment().put("MULTISWARM_FLEET", b);
      assertThat(ctl.json("swarms").toString()).contains("only-in-b");
    }
  }

  @Test
  void readyz_whenOneFleetIsRefused_namesItAndNotTheOther() {
    redis.cli("ACL", "SETUSER", "app", "reset", "on", ">pass", "~*", "&*", "+@all");
    String uri = "redis://app:pass@" + redis.host() + ":" + redis.port();
    try (TestServer server = TestServer.several(uri, ServerConfig.Security.NONE, List.of(a, b))) {
      assertThat(get(server, "/readyz", Map.of()).statusCode()).isEqualTo(200);
      redis.cli("ACL", "SETUSER", "app", "resetkeys", "~{" + a + "}:*");

      HttpResponse<String> answer = get(server, "/readyz", Map.of());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .contains("{\"name\":\"redis-writes\",\"ok\":false,\"reason\":\"fleet " + b + ": ")
          .doesNotContain("fleet " + a + ": ");
      redis.cli("ACL", "SETUSER", "app", "~*");
      await("readiness", SOON, () -> get(server, "/readyz", Map.of()).statusCode() == 200);
    }
  }

  @Test
  void metrics_ofEachFleet_haveItsLabelAndAreForTokensOfAll(@TempDir Path directory) {
    try (TestServer server = server(tokens(directory).security());
        JsonClient client = JsonClient.connect(server.port(), OF_B)) {
      create(client, "one");

      assertThat(metrics(server, OF_B).statusCode()).isEqualTo(403);
      await(
          "the count",
          SOON,
          () ->
              metrics(server, FREE)
                  .body()
                  .contains("multiswarm_swarms{fleet=\"" + b + "\",status=\"active\"} 1.0"));
      assertThat(metrics(server, FREE).body())
          .contains("multiswarm_swarms{fleet=\"" + a + "\",status=\"active\"} 0.0")
          .contains("multiswarm_redis_connected{fleet=\"" + a + "\"} 1.0")
          .contains("multiswarm_sessions 1.0");
    }
  }

  @Test
  void drain_ofTheProcess_letsTheSwarmsOfAllFleetsGo() {
    try (TestServer next = open()) {
      TestServer first = open();
      JsonClient inA = in(first, a);
      JsonClient inB = in(first, b);
      String keyOfA = create(inA, "one");
      String keyOfB = create(inB, "one");
      first.close();

      assertThat(inA.closeCode()).isEqualTo(4001);
      assertThat(inB.closeCode()).isEqualTo(4001);
      try (JsonClient again = in(next, a);
          JsonClient againInB = in(next, b)) {
        again.ok("swarm.attach", "{\"swarmId\":\"one\",\"key\":\"" + keyOfA + "\"}");
        againInB.ok("swarm.attach", "{\"swarmId\":\"one\",\"key\":\"" + keyOfB + "\"}");
      }
    }
  }

  private static HttpResponse<String> metrics(TestServer server, String token) {
    return get(server, "/metrics", Map.of("Authorization", "Bearer " + token));
  }

  private static HttpResponse<String> get(
      TestServer server, String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
