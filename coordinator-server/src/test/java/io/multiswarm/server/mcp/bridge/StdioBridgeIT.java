package io.multiswarm.server.mcp.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** MCP over standard input and output. */
@RedisTest
class StdioBridgeIT {

  private static List<JsonNode> bridged(int port, String... lines) throws Exception {
    StringWriter out = new StringWriter();
    new StdioBridge(
            HttpClient.newHttpClient(),
            URI.create("http://127.0.0.1:" + port + "/mcp"),
            Map.of(),
            new PrintWriter(out))
        .serve(new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    return out.toString().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  @Test
  void call_ofTheModernEra_isAnsweredOnALine(TestRedis redis) throws Exception {
    try (TestServer server = TestServer.start(redis)) {
      String meta =
          "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
      List<JsonNode> answers =
          bridged(
              server.port(),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"join\",\"arguments\":{\"name\":\"ann\"},"
                  + meta
                  + "}}");
      assertThat(answers).hasSize(1);
      assertThat(answers.get(0).at("/result/structuredContent/name").asString()).isEqualTo("ann");
    }
  }

  @Test
  void initialize_ofTheLegacyEra_isAnsweredWithItsVersion(TestRedis redis) throws Exception {
    try (TestServer server = TestServer.start(redis)) {
      List<JsonNode> answers =
          bridged(
              server.port(),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
      assertThat(answers.get(0).at("/result/protocolVersion").asString()).isEqualTo("2025-11-25");
    }
  }

  @Test
  void request_thatNobodyAnswers_getsAnErrorWithItsId() throws Exception {
    List<JsonNode> answers =
        bridged(1, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}", "no json");
    assertThat(answers).hasSize(2);
    assertThat(answers.stream().filter(answer -> answer.path("id").asInt(0) == 7))
        .singleElement()
        .satisfies(
            answer ->
                assertThat(answer.at("/error/message").asString()).contains("does not answer"));
  }
}
