package io.multiswarm.load.peers;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.Blocking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ours beside BullMQ, JetStream and socket.io: round after round, in which all have their turn, and
 * the medians judged by what is asked of ours.
 */
public final class PeersScenario implements Scenario {

  /** As the program is called. */
  public static final String REDIS_SERVER = "redis-server";

  static final String NATS_SERVER = "nats-server";

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Plan plan;
  private final OwnRuns ours;

  /**
   * What is asked of the scenario.
   *
   * @param parts what is measured
   * @param rounds how often
   * @param programs where those of this machine are
   * @param packages where the drivers and what they need from npm are kept
   * @param server which is ours
   */
  public record Plan(
      Set<PeerPart> parts,
      int rounds,
      Lengths lengths,
      ProgramSearch programs,
      Path packages,
      Server server) {

    public Plan {
      if (rounds < 1) {
        throw new IllegalArgumentException("There is at least one round, not " + rounds);
      }
    }

    List<Stage> stages() {
      return Arrays.stream(Stage.values()).filter(stage -> stage.isFor(parts)).toList();
    }

    boolean needs(Stage.Means means) {
      return stages().stream().anyMatch(stage -> stage.means() == means);
    }

    /** The names of programs that must be there. */
    Set<String> needed() {
      Set<String> names = new TreeSet<>(Set.of(REDIS_SERVER));
      if (needs(Stage.Means.DRIVER)) {
        names.addAll(Set.of(PeerDrivers.NODE, PeerDrivers.NPM));
      }
      if (stages().contains(Stage.JETSTREAM_LIVES)) {
        names.add(NATS_SERVER);
      }
      return names;
    }
  }

  /**
   * @param flags what it is told beyond its Redis
   */
  public record Server(Path jar, List<String> flags) {}

  /** Reads files. */
  public PeersScenario(Plan plan) {
    this.plan = plan;
    this.ours = new OwnRuns(plan.lengths());
  }

  @Override
  public String promise() {
    return "Beside BullMQ, JetStream, socket.io and bare Redis in the same run, ours is as fast as was asked.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Blocking.call(() -> plan.programs().places(plan.needed()))
        .map(programs -> new PeerDrivers(programs, plan.packages(), context.clock()))
        .delayUntil(drivers -> plan.needs(Stage.Means.DRIVER) ? drivers.install() : Mono.empty())
        .flatMap(drivers -> run(drivers, context));
  }

  private Mono<Report> run(PeerDrivers drivers, ScenarioContext context) {
    var findings = new PeersFindings();
    var round = new PeersRound(plan, ours, drivers, context);
    Flux<StageResult> results =
        plan.needs(Stage.Means.SERVER)
            ? Flux.usingWhen(
                round.startServer(),
                server -> rounds(round, Optional.of(server), findings, context),
                PeersRound.Started::close)
            : rounds(round, Optional.empty(), findings, context);
    return results
        .then(Mono.defer(() -> versions(drivers)))
        .map(versions -> findings.report(plan.parts(), versions));
  }

  private Flux<StageResult> rounds(
      PeersRound round,
      Optional<PeersRound.Started> server,
      PeersFindings findings,
      ScenarioContext context) {
    return Flux.range(1, plan.rounds())
        .concatMap(
            number -> {
              context.say("%nround %d of %d%n", number, plan.rounds());
              return round.results(server).doOnNext(result -> findings.add(number, result));
            },
            1);
  }

  /** What each program says of itself, and which packages were driven. */
  private Mono<Map<String, String>> versions(PeerDrivers drivers) {
    Map<String, String> packages =
        plan.needs(Stage.Means.DRIVER) ? PeerDrivers.packages() : Map.of();
    return Flux.fromIterable(drivers.programs().entrySet())
        .concatMap(
            program ->
                new ProgramRun(
                        List.of(program.getValue().toString(), "--version"), Path.of("."), ANSWER)
                    .lines(drivers.clock())
                    .map(lines -> Map.entry(program.getKey(), String.join(" ", lines))))
        .collect(
            () -> new LinkedHashMap<>(packages),
            (all, one) -> all.put(one.getKey(), one.getValue()));
  }
}
