package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.FakeServer.DeliveryOutcome;
import io.multiswarm.load.FakeServer.DeliveryRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The whole program against a server that keeps its promises, and against some that don't. */
@Timeout(60)
class LoadHarnessTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void run_honestServer_passesAndLeavesNothing(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("out.json");
    try (FakeServer server = FakeServer.honest()) {
      int code = against(server, "--swarms", "7", "--per-session", "3", "--json", json.toString());

      assertThat(code).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("PASSED", "lost                       0", "announced as missing       0");
      assertThat(Files.readString(json)).contains("\"clean\" : true", "\"p99\"");
      assertThat(server.registered()).isEqualTo(7);
      assertThat(server.deregistered()).isEqualTo(7);
    }
  }

  @Test
  void run_saturating_passes() {
    try (FakeServer server = FakeServer.honest()) {
      int code = against(server, "--swarms", "4", "--rate", "0", "--mix", "targeted");

      assertThat(code).as(out.toString() + err).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "VANISHES, messages lost",
    "ARRIVES_TWICE, messages delivered twice",
    "ARRIVES_AFTER_THE_NEXT, messages out of order"
  })
  void run_serverThatBreaksAPromise_failsAndSaysWhich(DeliveryOutcome fate, String defect) {
    try (FakeServer server = new FakeServer(oneOfTheFirst(fate))) {
      int code = against(server, "--swarms", "3", "--settle", "3s");

      assertThat(code).isEqualTo(ScenarioCommand.FAILED);
      assertThat(out.toString()).contains("FAILED", "1 " + defect);
    }
  }

  @Test
  void run_serverThatAnnouncesWhatIsMissing_passesAndCountsIt() {
    try (FakeServer server =
        new FakeServer(oneOfTheFirst(DeliveryOutcome.IS_ANNOUNCED_AS_MISSING))) {
      int code = against(server, "--swarms", "3");

      assertThat(code).as(out.toString() + err).isZero();
      assertThat(out.toString()).contains("announced as missing       1");
    }
  }

  @Test
  void run_severalAddressesAndFleets_spreadsTheSessionsOverAll() {
    try (FakeServer server = FakeServer.honest()) {
      String same = server.url().toString().replace("127.0.0.1", "localhost");
      int code =
          against(server, "--url", same, "--fleets", "a,b", "--swarms", "9", "--mix", "targeted");

      assertThat(code).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("sessions at server 1, fleet a", "sessions at server 2, fleet b");
      assertThat(server.fleets()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 5, "b", 4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "0"})
  void tasks_honestServer_passes(String rate) {
    try (FakeServer server = FakeServer.honest()) {
      int code = tasks(server, rate, "--swarms", "5", "--per-session", "2", "--credit", "3");

      assertThat(code).as(out.toString() + err).isZero();
      assertThat(out.toString()).contains("PASSED", "submit to completed", "fewest of a swarm");
    }
  }

  @Test
  void tasks_withoutCreditAtFirst_tellWhatWaitingCosts() {
    try (FakeServer server = FakeServer.honest()) {
      int code = tasks(server, "100", "--swarms", "3", "--per-session", "2", "--idle", "100ms");

      assertThat(code).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("waiting tasks and no credit, websocket", "credit to first assignment p50");
    }
  }

  @Test
  void tasks_serverThatAsksNobodyWhatItIsAbleToDo_failsAndSaysSo() {
    try (FakeServer server = FakeServer.honest()) {
      int code = tasks(server, "200", "--swarms", "4", "--strategy", "capability");

      assertThat(code).isEqualTo(ScenarioCommand.FAILED);
      assertThat(out.toString()).contains("assignments to a swarm that was not able");
    }
  }

  @Test
  void tasks_serverThatForgetsOne_failsAndAsksForIt() {
    try (FakeServer server =
        new FakeServer(FakeServer::arrives, new FakeTasks(id -> id.endsWith("-t7")))) {
      int code = tasks(server, "200", "--swarms", "3", "--settle", "3s");

      assertThat(code).isEqualTo(ScenarioCommand.FAILED);
      assertThat(out.toString())
          .contains("1 accepted tasks not completed", "task 7: task.get was refused");
    }
  }

  @Test
  void tasks_withAHistory_areJudgedAgainFromIt(@TempDir Path directory) throws IOException {
    Path history = directory.resolve("history.jsonl");
    Path page = directory.resolve("report.html");
    try (FakeServer server = FakeServer.honest()) {
      int code = tasks(server, "100", "--history", history.toString(), "--html", page.toString());
      assertThat(code).as(out.toString() + err).isZero();
    }

    assertThat(Files.readString(page)).contains("tasks, websocket", "repeat with");
    assertThat(run("judge", history.toString())).as(out.toString()).isZero();

    // Spoilt by hand: another swarm completes a task that is completed already.
    String stolen =
        Files.readAllLines(history).stream()
            .filter(line -> line.contains("\"f\":\"task.complete\""))
            .findFirst()
            .orElseThrow()
            .replaceFirst("\"swarmId\":\"[^\"]*", "\"swarmId\":\"thief");
    Files.writeString(history, stolen + "\n", StandardOpenOption.APPEND);

    assertThat(run("judge", history.toString())).isEqualTo(ScenarioCommand.FAILED);
    assertThat(out.toString())
        .contains("1  tasks with a second completion", "thief completed attempt 1");
  }

  @Test
  void all_listed_saysWhatEachHoldsTheSystemTo() {
    assertThat(run("all", "--list")).isZero();
    assertThat(out.toString())
        .contains("resources", "At no moment is more of a resource allocated than there is");
  }

  @Test
  void all_whatCannotBeMeasured_hasFailedAndTheReportSaysSo(@TempDir Path directory)
      throws IOException {
    int code =
        run(
            "all",
            "--only",
            "messages,resources",
            "--server-jar",
            "nowhere.jar",
            "--out",
            directory.toString());

    assertThat(code).isEqualTo(ScenarioCommand.FAILED);
    assertThat(Files.readString(directory.resolve("report.html"))).contains("nowhere.jar");
    Path json = directory.resolve("report.json");
    assertThat(Files.readString(json)).contains("There is no server at nowhere.jar");
    assertThat(run("compare", json.toString(), json.toString())).isZero();
    assertThat(out.toString()).contains("Nothing changed beyond noise");
  }

  @Test
  void run_nobodyListens_saysSoInALine() {
    int code = run("--url", "ws://127.0.0.1:1/v1/ws", "--duration", "1s");

    assertThat(code).isEqualTo(ScenarioCommand.FAILED);
    assertThat(err.toString().lines())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("Nothing was measured: ");
  }

  @Test
  void run_noServerJar_saysWhatToDo() {
    int code = run("--server-jar", "nowhere.jar");

    assertThat(code).isEqualTo(ScenarioCommand.FAILED);
    assertThat(err.toString()).contains("There is no server at nowhere.jar", "--url");
  }

  @ParameterizedTest
  @CsvSource({
    "--rate=-1, 0 (saturate) or more",
    "--duration=soon, is not a time",
    "--mix=shaken, is not targeted",
    "--window=65, 1 to 64",
    "--senders=0, At least one session sends",
    "--swarms=0, at least one swarm",
    "--payload=3, at least 64 bytes",
    "--url=http://x, begins with ws://",
    "--no-such-option, Unknown option",
    "--nodes=0, 1 to 16",
    "--nodes=2 --url=ws://localhost:1/v1/ws, servers of our own",
    "--fleets=a --fleets=a, each once",
    "failover --nodes=2, takes no --nodes",
    "--url=ws://localhost:1/v1/ws --baseline, --redis-url",
    "tasks --url=ws://localhost:1/v1/ws --baseline, --redis-url",
    "tasks --baseline --strategy=priority, no baseline for the strategy priority",
    "tasks --baseline --strategy=capability, no baseline for the strategy capability",
    "tasks --no-server, leaves nothing to measure",
    "tasks --unfinished=0, At least one task is unfinished",
    "tasks --credit=0, ready for 1 to 10",
    "tasks --duration=0s, longer than nothing",
    "failover --servers=1, at least two servers",
    "failover --lease=500ms, at least 750 ms",
    "failover --url=ws://localhost:1/v1/ws, starts and kills servers of its own",
    "chaos --servers=1, at least two servers",
    "chaos --lease=500ms, at least 750 ms",
    "chaos --credit=41, ready for 40 tasks at most",
    "chaos --tasks=0, at least one task",
    "chaos --redis-url=redis://localhost:1, a Redis of its own",
    "chaos --url=ws://localhost:1/v1/ws, starts and kills servers of its own",
    "slow --silent=0, At least one socket",
    "slow --silence=26s, not in time",
    "slow --others=0, at least one swarm",
    "slow --url=ws://localhost:1/v1/ws, heap of a server of its own",
    "peers --repeat=0, at least one round",
    "peers --duration=0s, longer than nothing",
    "peers --only=nonsense, nonsense",
    "peers --url=ws://localhost:1/v1/ws, starts servers of its own",
    "peers --redis-url=redis://localhost:1, a Redis of its own",
    "all --only=nonsense, There is no scenario nonsense",
    "all --repeat=0, leave nothing to run",
    "compare nowhere.json elsewhere.json, There is no report at nowhere.json",
    "judge nowhere.jsonl, There is no history at nowhere.jsonl"
  })
  void wrongUse_always_isOneReadableLine(String arguments, String explanation) {
    int code = run(arguments.split(" "));

    assertThat(code).isEqualTo(ScenarioCommand.WRONG_USE);
    assertThat(err.toString()).contains(explanation);
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void help_always_hasExamples() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("Examples", "java -jar load-tests.jar --swarms 100", "Exit code");
  }

  private static DeliveryRule oneOfTheFirst(DeliveryOutcome fate) {
    return (channel, offset) ->
        channel.endsWith("-0") && offset == 2 ? fate : DeliveryOutcome.ARRIVES;
  }

  private int against(FakeServer server, String... arguments) {
    return run(paced(server, "200", arguments).toArray(String[]::new));
  }

  private int tasks(FakeServer server, String rate, String... arguments) {
    return run(
        Stream.concat(Stream.of("tasks"), paced(server, rate, arguments)).toArray(String[]::new));
  }

  private static Stream<String> paced(FakeServer server, String rate, String... arguments) {
    String url = server.url().toString();
    return Stream.concat(
        Stream.of("--url", url, "--rate", rate, "--duration", "1s", "--warmup", "0s"),
        Stream.of(arguments));
  }

  private int run(String... arguments) {
    CommandLine command = LoadHarness.commandLine().setOverwrittenOptionsAllowed(true);
    return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }
}
