package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.multiswarm.server.mcp.FixtureServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What others wrote to try MCP servers with. Once, for a JDK has no part in it. */
@RedisTest
@EnabledOnJre(JRE.JAVA_17)
class McpRefereesIT {

  private static final Path CONFORMANCE =
      Path.of("@modelcontextprotocol/conformance/dist/index.js");
  private static final Path INSPECTOR =
      Path.of("@modelcontextprotocol/inspector/clients/launcher/build/index.js");

  private static final int MOST_TRIALS = 10;

  private final ClientRuntime node = ClientRuntime.node("Node 22", "node22");

  @TempDir private Path directory;

  @BeforeEach
  void find() {
    node.assumePresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void conformance_requiredOfServers_passes(String revision) throws Exception {
    try (FixtureServer server = new FixtureServer()) {
      List<String> all = suite(server, List.of("--requirements", revision));
      assertThat(all).anyMatch(line -> line.startsWith("✓ tools-call-simple-text"));
      List<String> unscored =
          all.stream().filter(line -> line.startsWith("  ✗ ")).map(McpRefereesIT::name).toList();
      for (String failed : all.stream().filter(line -> line.startsWith("✗ ")).toList()) {
        if (!unscored.contains(name(failed))) {
          assertPassesAtLast(server, name(failed), revision);
        }
      }
    }
  }

  private static String name(String line) {
    return line.strip().split("[ :]+")[1];
  }

  /**
   * The suite gives some streams half a second, which a machine with other work does not always
   * keep. What is wrong fails each time.
   */
  private void assertPassesAtLast(FixtureServer server, String scenario, String revision)
      throws Exception {
    List<String> out = List.of();
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
      out = suite(server, List.of("--scenario", scenario, "--spec-version", revision));
      if (out.stream().anyMatch(line -> line.contains(", 0 failed"))) {
        return;
      }
    }
    fail(String.join("\n", out));
  }

  private List<String> suite(FixtureServer server, List<String> what) throws Exception {
    List<String> args = new ArrayList<>(List.of("server", "--url", server.url()));
    args.addAll(what);
    try (ClientProcess suite = node.start(directory, CONFORMANCE, args)) {
      suite.awaitEnd();
      return suite.awaitOut();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void publicClient_ofEitherEra_listsAndCallsEveryTool(String era, TestRedis redis)
      throws Exception {
    ClientRuntime.link(directory);
    Files.copy(Path.of("src/test/clients/agent.mjs"), directory.resolve("agent.mjs"));
    try (TestServer server = TestServer.start(redis);
        ClientProcess client = node.start(directory, "agent", url(server), era)) {
      client.awaitLine("the end", "tried every tool"::equals);
      client.awaitSuccess();
    }
  }

  private static String url(TestServer server) {
    return "http://127.0.0.1:" + server.port() + "/mcp";
  }

  @Test
  void inspector_onItsCommandLine_listsAndCallsTools(TestRedis redis) throws Exception {
    try (TestServer server = TestServer.start(redis)) {
      JsonNode listed = inspected(server, "--method", "tools/list");
      assertThat(listed.path("tools").valueStream().map(tool -> tool.path("name").asString()))
          .contains("join", "next", "steer");
      JsonNode joined =
          inspected(
              server, "--method", "tools/call", "--tool-name", "join", "--tool-arg", "name=ann");
      assertThat(joined.at("/structuredContent/name").asString()).isEqualTo("ann");
    }
  }

  private JsonNode inspected(TestServer server, String... request) throws Exception {
    List<String> args = new ArrayList<>(List.of("--cli", url(server), "--transport", "http"));
    args.addAll(List.of(request));
    try (ClientProcess inspector = node.start(directory, INSPECTOR, args)) {
      int status = inspector.awaitEnd();
      String out = String.join("\n", inspector.awaitOut());
      assertThat(status).as(out).isZero();
      return JsonMapper.shared().readTree(out);
    }
  }
}
