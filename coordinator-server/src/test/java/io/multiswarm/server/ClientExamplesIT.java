package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.client.ScriptedServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that people copy, as the server gives them, and the examples of their document. */
@RedisTest
@Timeout(180)
class ClientExamplesIT {

  private static final int LONGEST_CLIENT = 350;
  private static final int LONGEST_EXAMPLE = 40;

  private static final Pattern EXAMPLE =
      Pattern.compile("```(?:js\n// |python\n# )(\\w+\\.(?:mjs|py))\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;
  private TestServer server;

  @BeforeEach
  void prepare(TestRedis redis) throws Exception {
    server = TestServer.start(redis);
    ClientRuntime.prepare(directory, server.port());
    for (var example : examples().entrySet()) {
      Files.writeString(directory.resolve(example.getKey()), example.getValue());
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, String> examples() throws IOException {
    Map<String, String> examples = new HashMap<>();
    EXAMPLE
        .matcher(Files.readString(Path.of("../docs/clients.md")))
        .results()
        .forEach(found -> examples.put(found.group(1), found.group(2)));
    return examples;
  }

  static List<ClientRuntime> runtimes() {
    return ClientRuntime.all().toList();
  }

  private String url() {
    return "ws://127.0.0.1:" + server.port();
  }

  @Test
  void clientsAndExamples_always_areShort() throws IOException {
    for (String client : List.of("multiswarm.js", "multiswarm.py")) {
      assertThat(Files.readAllLines(directory.resolve(client)))
          .as(client)
          .hasSizeLessThanOrEqualTo(LONGEST_CLIENT)
          .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(124));
    }
    assertThat(examples()).hasSize(6);
    examples()
        .forEach(
            (name, text) -> assertThat(text.lines()).as(name).hasSizeLessThan(LONGEST_EXAMPLE));
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void workerAndSubmitter_started_workTogether(ClientRuntime runtime) throws Exception {
    runtime.assumePresent();
    try (ClientProcess worker = runtime.start(directory, "worker", url())) {
      worker.awaitLine("a worker", line -> line.startsWith("working as "));
      try (ClientProcess submitter = runtime.start(directory, "submitter", url())) {
        submitter.awaitSuccess();
        assertThat(submitter.out())
            .hasSize(3)
            .allSatisfy(line -> assertThat(line).startsWith("completed"))
            .element(2)
            .asString()
            .containsPattern("\\W+words\\W+3\\W+attempt\\W+1\\W+");
      }
      worker.terminate();
      worker.awaitSuccess();
    }
    try (JsonClient client = server.connect()) {
      assertThat(client.ok("swarm.list", "{}").path("swarms")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void chat_joinedLater_hearsWhatWasSaid(ClientRuntime runtime) throws Exception {
    runtime.assumePresent();
    try (ClientProcess ann = runtime.start(directory, "chat", url(), "ann");
        ClientProcess bob = runtime.start(directory, "chat", url(), "bob")) {
      ann.type("hello");
      bob.awaitLine("her word", "ann: hello"::equals);
      bob.type("good day");
      ann.awaitLine("his word", "bob: good day"::equals);
      ann.endInput();
      ann.awaitSuccess();
      try (ClientProcess cid = runtime.start(directory, "chat", url(), "cid")) {
        cid.awaitLine("what he missed", "bob: good day"::equals);
        assertThat(cid.out()).containsExactly("ann: hello", "bob: good day");
        cid.endInput();
        cid.awaitSuccess();
      }
      bob.endInput();
      bob.awaitSuccess();
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void handlers_thatHarmTheClient_endTheirOwnTasksAlone(ClientRuntime runtime) throws Exception {
    runtime.assumePresent();
    String script = "harm." + runtime.suffix();
    Files.copy(Path.of("src/test/clients", script), directory.resolve(script));
    try (ClientProcess worker = runtime.start(directory, "harm", url())) {
      worker.awaitSuccess();
      assertThat(worker.out())
          .contains(
              "large dead PAYLOAD_TOO_LARGE",
              "unwritable dead INVALID_ARGUMENT",
              "number dead INVALID_ARGUMENT",
              "none completed ",
              "call PAYLOAD_TOO_LARGE",
              "call INVALID_ARGUMENT",
              "lost 0")
          .anyMatch(line -> line.matches("wordy dead (Value)?Error"))
          .anyMatch(line -> line.startsWith("odd dead"))
          .anyMatch(line -> line.startsWith("progress completed"));
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void client_ofAServerThatIsBroken_losesNoCall_andPausesLonger(ClientRuntime runtime)
      throws Exception {
    runtime.assumePresent();
    String script = "broken." + runtime.suffix();
    Files.copy(Path.of("src/test/clients", script), directory.resolve(script));
    // The Python client lets its library ping.
    BrokenServer broken = new BrokenServer(runtime.suffix().equals("mjs"));
    try (ScriptedServer server = ScriptedServer.start(broken);
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ClientProcess client =
            runtime.start(
                directory, "broken", server.url(), "ws://127.0.0.1:" + silent.getLocalPort())) {
      client.awaitSuccess();
      assertThat(client.out())
          .containsExactly(
              "answered 1000", "growing true", "closed UNAUTHENTICATED", "silent CONNECTION_LOST");
    }
  }

  @Test
  void types_used_areFound() throws Exception {
    ClientRuntime node = ClientRuntime.node("Node 22", "node22");
    node.assumePresent();
    Files.copy(Path.of("src/test/clients/types.mts"), directory.resolve("types.mts"));
    try (ClientProcess compiler =
        ClientProcess.start(
            directory,
            List.of(
                node.command().get(0),
                ClientRuntime.PACKAGES.resolve("node_modules/typescript/bin/tsc").toString(),
                "--strict",
                "--noEmit",
                "--target",
                "esnext",
                "--module",
                "nodenext",
                "types.mts"))) {
      compiler.awaitSuccess();
    }
  }
}
