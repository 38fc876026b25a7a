package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.session.Method;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The AsyncAPI document as a server gives it, and whether that server does what it says. */
class ApiDocumentIT extends TwoClients {

  private static final WireContract CONTRACT = WireContract.ofTheServer();
  private static final JsonMapper MAPPER = new JsonMapper();

  @Test
  void document_asked_isGiven() throws Exception {
    HttpResponse<String> given = ask("GET");

    assertThat(given.statusCode()).isEqualTo(200);
    assertThat(given.headers().firstValue("content-type")).contains("application/json");
    JsonNode document = MAPPER.readTree(given.body());
    assertThat(document.at("/info/version")).isEqualTo(a.welcome().at("/server/version"));
    assertThat(document.at("/servers/node/host").asString())
        .isEqualTo("127.0.0.1:" + server.port());
    assertThat(document.path("operations")).isEqualTo(CONTRACT.document().path("operations"));

    HttpResponse<String> head = ask("HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-length"))
        .isEqualTo(given.headers().firstValue("content-length"));

    assertThat(ask("POST").statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> ask(String method) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/v1/asyncapi.json");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
  }

  @Test
  void methods_always_areThoseOfTheServerWithTheirScopes() {
    Map<String, String> described = new TreeMap<>();
    CONTRACT
        .operations("receive")
        .forEach(
            (method, operation) -> described.put(method, operation.path("x-scope").asString("")));

    Map<String, String> served = new TreeMap<>();
    for (Method method : server.running().methods()) {
      served.put(
          method.name(),
          method.right().scopes().stream().map(Scope::word).collect(Collectors.joining(" ")));
    }

    assertThat(described).isEqualTo(served);
  }

  /** Each parameter alone: left out, of another type, and just outside of its bounds. */
  @Test
  void parameters_notAsDescribed_areRefusedByTheirNames() throws Exception {
    a.ok("swarm.create", create("a"));
    List<String> faults = new ArrayList<>();
    int tried = 0;
    try (JsonClient unopened = JsonClient.connectOnly(server.port())) {
      for (var described : CONTRACT.operations("receive").entrySet()) {
        String method = described.getKey();
        JsonClient client = method.equals("session.open") ? unopened : a;
        JsonNode schema = CONTRACT.payload(described.getValue()).at("/properties/params");
        for (SpoiltParams spoilt : SpoiltParams.of(CONTRACT, schema)) {
          tried++;
          JsonNode answer =
              client.call(method, spoilt.params().toString()).get(30, TimeUnit.SECONDS);
          if (!isRefused(spoilt, answer)) {
            faults.add(method + " " + spoilt + ": " + answer);
          }
        }
      }
    }

    assertThat(faults).isEmpty();
    assertThat(tried).isGreaterThan(400);
  }

  private static boolean isRefused(SpoiltParams spoilt, JsonNode answer) {
    JsonNode data = answer.at("/error/data");
    return data.path("name").asString("").equals("INVALID_ARGUMENT")
        && data.path("param").asString("").equals(spoilt.name());
  }
}
