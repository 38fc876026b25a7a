package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that logs all that it can, and is given secrets in every way that there is. */
@Timeout(180)
class SecretsIT {

  private static final String GOOD = "planted-good-token-4711";
  private static final String BAD = "planted-bad-token-4711";
  private static final String JWT_SECRET = "planted-jwt-secret-of-thirty-two-bytes-4711";
  private static final String FORGED =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.cGxhbnRlZC1zaWduYXR1cmU";
  private static final String WRONG_KEY = "planted-wrong-key-4711";
  private static final String PAYLOAD = "planted-payload-4711";

  @TempDir private Path directory;

  @Test
  void secrets_givenInEveryWay_areToldNowhere() throws Exception {
    new TokensFixture(directory).write(TokensFixture.entry("root", GOOD, "[\"admin\"]", "[\"*\"]"));
    Files.writeString(directory.resolve("secret"), JWT_SECRET);
    List<String> told = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.start(
            directory,
            Map.of(
                "PORT", "0",
                "LOG_LEVEL", "trace",
                "AUTH_TOKENS_FILE", "tokens.json",
                "AUTH_JWT_SECRET_FILE", "secret"))) {
      int port = server.awaitPort();
      refused(told, port, BAD);
      refused(told, port, FORGED);
      told.add(http(port, "/metrics", BAD));
      told.add(http(port, "/mcp", FORGED));
      told.add(http(port, "/v1/ws", BAD));
      String key = used(told, port);
      told.add(http(port, "/metrics", GOOD));
      attached(told, port, key);
      // The line of the audit is the last of what was done.
      server.awaitLine("principal=\"root\" .*action=resource.define type=\"gpu\" outcome=ok");
      told.addAll(server.out());
      told.addAll(server.err());
      assertThat(told).noneMatch(line -> line.contains(key));
    }

    assertThat(told).anyMatch(line -> line.contains("action=authenticate"));
    assertThat(told)
        .noneMatch(line -> line.contains(GOOD) || line.contains(BAD) || line.contains(FORGED))
        .noneMatch(line -> line.contains(JWT_SECRET) || line.contains(PAYLOAD))
        .noneMatch(line -> line.contains(TokensFixture.sha256(GOOD)))
        .noneMatch(line -> line.contains(WRONG_KEY));
  }

  private static void refused(List<String> told, int port, String token) {
    try (JsonClient client = JsonClient.connectOnly(port)) {
      told.add(client.error("session.open", JsonClient.opening(token)).toString());
      client.closeCode();
    }
  }

  /** The key of the swarm. */
  private static String used(List<String> told, int port) {
    try (JsonClient client = JsonClient.connect(port, GOOD)) {
      String data = "\"data\":\"" + PAYLOAD + "\"";
      String objective = "{\"id\":\"s\",\"objective\":\"" + PAYLOAD + "\"}";
      String key = client.ok("swarm.create", objective).get("key").asString();
      client.ok("message.send", "{\"from\":\"s\",\"to\":\"s\",\"type\":\"t\"," + data + "}");
      client.ok("state.save", "{\"swarmId\":\"s\",\"state\":{" + data + "}}");
      client.ok("task.submit", "{\"task\":{\"description\":\"d\"," + data + "}}");
      client.ok("session.refresh", "{\"token\":\"" + GOOD + "\"}");
      told.add(client.error("session.refresh", "{\"token\":\"" + BAD + "\"}").toString());
      told.add(client.error("state.save", "{\"swarmId\":\"s\",\"state\":[" + "1]}").toString());
      String ofS = "{\"swarmId\":\"s\"";
      client.ok("checkpoint.create", ofS + ",\"data\":{" + data + "}}");
      client.ok("snapshot.create", ofS + ",\"label\":\"" + PAYLOAD + "\"}");
      client.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\"," + data + "}");
      client.ok("task.request", ofS + ",\"n\":1}");
      String task = client.next("task.assigned").at("/task/id").asString();
      String attempt = ofS + ",\"taskId\":\"" + task + "\",\"attempt\":";
      client.ok("task.extend", attempt + "1,\"progress\":\"" + PAYLOAD + "\"}");
      String result = ",\"result\":\"" + PAYLOAD + "\"}";
      told.add(client.error("task.complete", attempt + 9 + result).toString());
      client.ok("task.complete", attempt + 1 + result);
      client.ok("resource.define", "{\"type\":\"gpu\",\"total\":1}");
      return key;
    }
  }

  /** By a key that is wrong, and the right one. */
  private static void attached(List<String> told, int port, String key) {
    String attach = "{\"swarmId\":\"s\",\"key\":\"%s\"}";
    try (JsonClient client = JsonClient.connect(port, GOOD)) {
      told.add(client.error("swarm.attach", attach.formatted(WRONG_KEY)).toString());
      client.ok("swarm.attach", attach.formatted(key));
    }
  }

  /** All that is answered. */
  private static String http(int port, String path, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.headers().map() + ' ' + answer.body();
  }
}
