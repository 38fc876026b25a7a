package io.multiswarm.load.suite;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Event;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.history.Outcome;
import io.multiswarm.load.history.Witness;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Conflicts that swarms decide by votes. Each is asked for by two sessions at once; some voters try
 * to vote a second time, for the other, some repeat their vote, some keep silent.
 *
 * <p><b>Invariant.</b> A conflict has one decision, whoever asks; a swarm has one vote; what was
 * accepted is counted and nothing else is; who has more votes wins.
 */
final class VotesScenario implements Scenario {

  private static final int AT_ONCE = 4;
  private static final int ASKERS = 2;
  private static final Duration LONGEST_THOUGHT = Duration.ofMillis(30);
  private static final Duration VOTE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SILENT_ONE_IN = 8;
  private static final int SECOND_VOTE_ONE_IN = 2;

  /**
   * What is asked of the scenario.
   *
   * @param voters swarms, each with a session of its own
   * @param seed of everything that is random
   */
  public record Plan(int conflicts, int voters, long seed) {
    public Plan {
      if (conflicts < 1 || voters < ASKERS + 1) {
        throw new IllegalArgumentException(
            "There is a conflict, and there are %d voters at least".formatted(ASKERS + 1));
      }
    }
  }

  private final Plan plan;

  public VotesScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "A conflict has one decision, and every vote that was accepted is counted once.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return new Run(plan, context).report();
  }

  private static final class Run {

    private final Plan plan;
    private final ScenarioContext context;
    private final Random random;
    private final SimulatedSwarms fleet;
    private final Witness witness;
    private final Latencies latencies = new Latencies();

    Run(Plan plan, ScenarioContext context) {
      this.plan = plan;
      this.context = context;
      this.random = new Random(plan.seed());
      this.fleet =
          new SimulatedSwarms(
              context.connector(),
              context.url(),
              new SimulatedSwarms.Size(plan.voters(), 1),
              n -> Map.of());
      this.witness = new Witness(this::now, Fault::outcome);
    }

    Mono<Report> report() {
      context.say("%nvotes: %,d conflicts, %,d voters%n", plan.conflicts(), plan.voters());
      return Mono.usingWhen(
          fleet.assemble(this::listens).collectList(),
          members ->
              Flux.range(0, plan.conflicts())
                  .flatMap(number -> conflict(number, members), AT_ONCE)
                  .then()
                  .timeout(PATIENCE.plus(VOTE.multipliedBy(plan.conflicts())), context.clock())
                  .then(Mono.fromSupplier(this::summary)),
          members -> fleet.dismiss());
    }

    private Mono<Void> listens(SimulatedSwarms.Member member) {
      String swarm = member.swarms().get(0);
      member
          .notifications()
          .flatMap(what -> heard(what, swarm, member), Integer.MAX_VALUE)
          .subscribe();
      return Mono.empty();
    }

    private Mono<Void> heard(ServerNotification what, String swarm, SimulatedSwarms.Member member) {
      if (!(what instanceof Event event) || !event.method().equals("conflict.vote_requested")) {
        return Mono.empty();
      }
      String a = event.params().path("swarmA").asString();
      String b = event.params().path("swarmB").asString();
      String conflict = event.params().path("conflictId").asString();
      if (any(SILENT_ONE_IN) == 0) {
        return Mono.empty();
      }
      boolean first = any(3) > 0;
      String choice = first ? a : b;
      String other = any(2) == 0 ? choice : first ? b : a;
      boolean again = any(SECOND_VOTE_ONE_IN) == 0;
      return Mono.delay(
              Duration.ofNanos(any((int) LONGEST_THOUGHT.toNanos())), member.client().scheduler())
          .then(vote(member, conflict, swarm, choice))
          .then(Mono.defer(() -> again ? vote(member, conflict, swarm, other) : Mono.empty()));
    }

    /** A refusal is one of the outcomes, and so is a connection that ends meanwhile. */
    private Mono<Void> vote(
        SimulatedSwarms.Member member, String conflict, String swarm, String choice) {
      return call(
              member,
              "conflict.vote",
              Map.of("conflictId", conflict, "swarmId", swarm, "choice", choice))
          .onErrorComplete()
          .then();
    }

    private Mono<Void> conflict(int number, List<SimulatedSwarms.Member> members) {
      List<String> voters = IntStream.range(0, plan.voters()).mapToObj(fleet::swarm).toList();
      Map<String, Object> question =
          Map.of(
              "conflictId",
              fleet.swarm(number) + "-conflict",
              "type",
              "load",
              "swarmA",
              fleet.swarm(0),
              "swarmB",
              fleet.swarm(1),
              "strategy",
              "voting",
              "timeoutMs",
              VOTE.toMillis(),
              "electorate",
              voters);
      long began = now();
      return Flux.range(0, ASKERS)
          .flatMap(
              asker ->
                  call(members.get((number + asker) % members.size()), "conflict.resolve", question)
                      .doOnNext(decided -> latencies.record(now() - began)))
          .then();
    }

    private Mono<JsonNode> call(
        SimulatedSwarms.Member member, String method, Map<String, Object> params) {
      SwarmClient client = member.client();
      return witness.of(member.index(), method, params, client.request(method, params));
    }

    private Report summary() {
      VoteJudge.Verdict verdict = VoteJudge.judge(witness.operations());
      var report = new Report("votes");
      report
          .section("votes")
          .row("conflicts decided", verdict.decided())
          .row(
              "votes accepted",
              witness.operations().stream()
                  .filter(one -> one.is("conflict.vote", Outcome.OK))
                  .count())
          .row("asked to decided", latencies.total());
      report.curve("asked to decided", latencies);
      verdict.defects().forEach(report::defects);
      verdict.examples().forEach(report::defect);
      if (verdict.decided() != plan.conflicts()) {
        report.defect(
            "expected %,d conflicts decided, observed %,d"
                .formatted(plan.conflicts(), verdict.decided()));
      }
      return report;
    }

    private int any(int bound) {
      synchronized (random) {
        return random.nextInt(bound);
      }
    }

    private long now() {
      return context.clock().now(TimeUnit.NANOSECONDS);
    }
  }
}
