package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.ctl.Ctl;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a button of the dashboard does, a command of {@code ctl} does with {@code --json}. */
@RedisTest
class CtlActionsIT {

  private static final Path DASHBOARD =
      Path.of("src/main/resources/io/multiswarm/server/http/static/dashboard");

  /** A method, as the dashboard's modules write it. */
  private static final Pattern METHOD = Pattern.compile("\"([a-z]+\\.[a-zA-Z]+)\"");

  /** What takes a right to act for the swarm and yet only reads. */
  private static final Set<String> READS = Set.of("state.load", "snapshot.list", "checkpoint.list");

  private static final String TOKEN = "token-of-an-administrator";
  private static final String OWN = "{\"swarmId\":\"w\",";

  private final Ctl ctl = new Ctl();
  private TestServer server;
  private JsonClient worker;

  @BeforeEach
  void begin(TestRedis redis, @TempDir Path directory) {
    server =
        TestServer.guarded(
            redis,
            new TokensFixture(directory)
                .write(TokensFixture.entry("admin", TOKEN, "[\"admin\"]", "[\"*\"]"))
                .security());
    worker = JsonClient.connect(server.port(), TOKEN);
    ctl.environment().put("MULTISWARM_URL", "ws://127.0.0.1:" + server.port());
    ctl.environment().put("MULTISWARM_TOKEN", TOKEN);
  }

  @AfterEach
  void end() {
    worker.close();
    server.close();
  }

  private static Set<String> actionsOfTheDashboard() throws IOException {
    Rights rights = Rights.ofTheProtocol();
    Set<String> actions = new TreeSet<>();
    try (Stream<Path> modules = Files.list(DASHBOARD)) {
      for (Path module : modules.filter(file -> file.toString().endsWith(".js")).toList()) {
        METHOD
            .matcher(Files.readString(module))
            .results()
            .map(found -> found.group(1))
            .filter(rights.methods()::contains)
            .filter(method -> !rights.of(method).scopes().contains(Scope.OBSERVE))
            .filter(method -> !READS.contains(method))
            .forEach(actions::add);
      }
    }
    return actions;
  }

  private JsonNode take(String id) {
    worker.ok("task.submit", "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"}}");
    worker.ok("task.request", OWN + "\"n\":1}");
    return worker.next("task.assigned");
  }

  private static String attempt(String id) {
    return OWN + "\"taskId\":\"" + id + "\",\"attempt\":1";
  }

  /** Two dead tasks, one with a late result, and a checkpoint; gives the checkpoint's id. */
  private String stage() {
    worker.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"o\"}");
    for (String id : new String[] {"dead-1", "dead-2"}) {
      take(id);
      worker.ok("task.fail", attempt(id) + ",\"error\":\"no\",\"retry\":false}");
    }
    take("late");
    worker.ok("task.release", attempt("late") + "}");
    assertThat(worker.refusal("task.complete", attempt("late") + ",\"result\":1}"))
        .isEqualTo("FENCED");
    worker.ok("state.save", OWN + "\"state\":{}}");
    return worker.ok("checkpoint.create", OWN + "\"data\":{}}").get("checkpointId").asString();
  }

  /** In an order in which each finds what it needs. */
  private static Map<String, String> commands() {
    Map<String, String> commands = new LinkedHashMap<>();
    commands.put("task.pause", "pause --fleet");
    commands.put("task.resume", "resume --fleet");
    commands.put("swarm.pause", "pause w");
    commands.put("swarm.resume", "resume w");
    commands.put("task.adopt", "adopt late 1");
    commands.put("task.retry", "retry dead-1");
    commands.put("task.retryAll", "retry --status dead --yes");
    commands.put("task.cancel", "cancel dead-1");
    commands.put("task.cancelAll", "cancel --status pending --yes");
    commands.put("resource.define", "define gpu 4");
    commands.put("swarm.recover", "recover w");
    commands.put("snapshot.create", "snapshot w");
    commands.put("snapshot.restore", "restore w SNAPSHOT");
    commands.put("checkpoint.restore", "restore w CHECKPOINT");
    commands.put("swarm.attach", "newkey w");
    commands.put("swarm.deregister", "deregister w");
    return commands;
  }

  @Test
  void actionsOfTheDashboard_eachByACommandWithJson_areDone() throws Exception {
    String checkpoint = stage();
    String snapshot = "";
    assertThat(commands().keySet())
        .as("what the dashboard does has a command")
        .containsExactlyInAnyOrderElementsOf(actionsOfTheDashboard());
    assertThat(done()).doesNotContainAnyElementsOf(commands().keySet());

    for (Map.Entry<String, String> one : commands().entrySet()) {
      String command =
          one.getValue().replace("SNAPSHOT", snapshot).replace("CHECKPOINT", checkpoint);
      String made = ctl.json(command.split(" ")).text("snapshotId");
      snapshot = made.isEmpty() ? snapshot : made;
      assertThat(done()).as(command).contains(one.getKey());
    }
  }

  /** The methods that were called with success, as the server counts them. */
  private Set<String> done() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
            .header("Authorization", "Bearer " + TOKEN)
            .build();
    String text = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return Pattern.compile("multiswarm_calls_seconds_count\\{method=\"([^\"]+)\",outcome=\"ok\"} ")
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
