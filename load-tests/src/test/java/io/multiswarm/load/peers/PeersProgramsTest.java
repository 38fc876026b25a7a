package io.multiswarm.load.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.history.History;
import io.multiswarm.load.peers.PeersScenario.Plan;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RunningServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/** What is around the drivers; none of the programs has to be there. */
@Timeout(60)
class PeersProgramsTest {

  private static final Path SHELL = Path.of("/bin/sh");

  @TempDir private Path directory;

  @Test
  void programs_thatLack_areNamedAllAtOnce() throws IOException {
    Files.createFile(directory.resolve("node")).toFile().setExecutable(true);
    Files.createFile(directory.resolve("npm"));
    var search = new ProgramSearch(List.of(directory), Map.of());

    assertThatIllegalStateException()
        .isThrownBy(() -> search.places(List.of("node", "npm", "nats-server")))
        .withMessageContaining("named: npm, nats-server.");
  }

  @Test
  void programs_namedByThePerson_areTakenFromThere() {
    var search = new ProgramSearch(List.of(directory), Map.of("redis-server", SHELL));

    assertThat(search.places(List.of("redis-server"))).containsValue(SHELL);
  }

  @Test
  void programs_ofWhatIsNotMeasured_areNotAskedFor() {
    assertThat(plan(PeerPart.COLD, PeerPart.REDIS).needed()).containsExactly("redis-server");
    assertThat(plan(PeerPart.BROADCAST).needed()).containsExactly("node", "npm", "redis-server");
    assertThat(plan(PeerPart.TASKS).needed())
        .containsExactly("nats-server", "node", "npm", "redis-server");
  }

  /** Here neither the programs nor the server are there. */
  @Test
  void round_stageThatCannotBeMeasured_isADefectAndTheOthersGoOn() {
    var lengths = new Lengths(Duration.ZERO, Duration.ofSeconds(1));
    var drivers = new PeerDrivers(Map.of(), directory, Schedulers.parallel());
    var told = new StringWriter();
    ScenarioContext context =
        ScenarioContext.begin(
            new RunningServer(URI.create("ws://nowhere.invalid"), Optional.empty()),
            new Connector(HttpClient.create(), History.NONE),
            Schedulers.parallel(),
            new PrintWriter(told));

    List<StageResult> results =
        new PeersRound(plan(PeerPart.MESSAGES), new OwnRuns(lengths), drivers, context)
            .results(Optional.empty())
            .collectList()
            .block();

    assertThat(results)
        .extracting(result -> result.defects().get(0))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("messages, bare script could not be measured"),
            second -> assertThat(second).startsWith("messages, WebSocket could not be measured"));
    assertThat(told.toString()).contains("BROKEN: messages, WebSocket");
  }

  @Test
  void packages_ofAllDrivers_arePinned() {
    assertThat(PeerDrivers.packages())
        .containsKeys("bullmq", "nats", "socket.io", "socket.io-client")
        .allSatisfy((name, version) -> assertThat(version).matches("\\d+\\.\\d+\\.\\d+"));
  }

  private Plan plan(PeerPart first, PeerPart... others) {
    return new Plan(
        EnumSet.of(first, others),
        1,
        new Lengths(Duration.ZERO, Duration.ofSeconds(1)),
        new ProgramSearch(List.of(), Map.of()),
        directory,
        new PeersScenario.Server(directory, List.of()));
  }

  @Test
  void answer_ofADriver_isItsLastLine() {
    DriverAnswer answer = DriverAnswer.in(List.of("a word before", "{\"add\":34000.5,\"p50\":1}"));

    assertThat(answer.number("add")).isEqualTo(34_000.5);
    assertThat(answer.number("p50")).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> answer.number("p99"))
        .withMessageContaining("no p99");
  }

  @Test
  void answer_thatIsNone_isShown() {
    for (List<String> lines : List.of(List.<String>of(), List.of("{\"add\":"), List.of("oops"))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> DriverAnswer.in(lines))
          .withMessageContaining("tells numbers at its end");
    }
  }

  @Test
  void run_program_tellsItsLines() {
    assertThat(lines("echo one; echo two")).containsExactly("one", "two");
  }

  @Test
  void run_programThatFails_saysWhatItSaid() {
    assertThatIllegalStateException()
        .isThrownBy(() -> lines("echo no such queue >&2; exit 3"))
        .withMessageContaining("failed: no such queue");
  }

  private List<String> lines(String script) {
    return new ProgramRun(
            List.of(SHELL.toString(), "-c", script), directory, Duration.ofSeconds(30))
        .lines(Schedulers.parallel())
        .block();
  }
}
