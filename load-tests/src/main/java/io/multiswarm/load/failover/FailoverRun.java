package io.multiswarm.load.failover;

import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Stage;
import io.multiswarm.load.witness.RedisEar;
import io.multiswarm.load.witness.RedisEar.Leadership;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** One run of the scenario: a blow to the leader, everybody at their place again, the next blow. */
final class FailoverRun {

  /** Whatever takes longer than that does not come any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private static final Duration MARGIN = Duration.ofMillis(100);

  /** In which Redis answers what was delivered late, and the successor writes on. */
  private static final Duration AFTERWARDS = Duration.ofMillis(200);

  private final FailoverScenario.Plan plan;
  private final Stage stage;
  private final RedisEar ear;
  private final List<Node> nodes;
  private final LeadershipLedger ledger;
  private final FailoverObservation seen = new FailoverObservation();

  FailoverRun(
      FailoverScenario.Plan plan,
      Stage stage,
      RedisEar ear,
      List<Node> nodes,
      LeadershipLedger ledger) {
    this.plan = plan;
    this.stage = stage;
    this.ear = ear;
    this.nodes = nodes;
    this.ledger = ledger;
  }

  Mono<Report> report() {
    List<Blow> blows = plan.blows();
    stage.say(
        "%nfailover: %d servers, lease %d ms%n", nodes.size(), plan.terms().lease().toMillis());
    return Flux.fromIterable(nodes)
        .flatMap(Node::start)
        .thenMany(Flux.range(0, blows.size()))
        .concatMap(round -> round(blows.get(round), round + 1, blows.size()), 1)
        .then(
            Mono.fromSupplier(
                () -> new FailoverSummary(plan, seen, ledger, ear.interruptions()).report()));
  }

  private Mono<Void> round(Blow blow, int number, int all) {
    return everybodyAtWork()
        .then(Mono.delay(anyMoment(), stage.clock()))
        .then(ear.leadershipAfter(0))
        .flatMap(
            led -> {
              Node leader = leading(led);
              return switch (blow) {
                case KILL -> replaced(blow, led, leader, leader.server().kill());
                case STOP -> replaced(blow, led, leader, leader.server().stop());
                case PAUSE -> paused(led, leader);
              };
            })
        .timeout(PATIENCE, stage.clock())
        .onErrorMap(
            error ->
                new IllegalStateException(
                    "Round %d, the leader %s: %s".formatted(number, blow.title(), error), error))
        .doOnSuccess(
            done -> stage.say("%4d of %d  %s: %s%n", number, all, blow.title(), seen.last(blow)));
  }

  /** So that blows fall before, after and between renewals. */
  private Duration anyMoment() {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(plan.terms().interval().toMillis()));
  }

  private Mono<Void> everybodyAtWork() {
    return until(() -> nodes.stream().allMatch(node -> node.crew().isComplete()))
        .then(ear.leadershipAfter(0))
        .flatMap(led -> ear.writeSince(led.epoch()))
        .then();
  }

  private Node leading(Leadership led) {
    return nodes.stream()
        .filter(node -> node.is(led.node()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(led + " is by no server of ours"));
  }

  private Mono<Void> replaced(Blow blow, Leadership led, Node leader, Mono<Integer> end) {
    return struck(blow, led, end.doOnNext(code -> seen.ended(blow, code)))
        .then(Mono.defer(leader::start));
  }

  /** Strikes, and waits for the end of the blow, for a successor and for its first write. */
  private Mono<Leadership> struck(Blow blow, Leadership led, Mono<?> strike) {
    return Mono.defer(
        () -> {
          long began = stage.clock().now(TimeUnit.NANOSECONDS);
          Mono<Leadership> successor =
              ear.leadershipAfter(led.epoch())
                  .doOnNext(next -> seen.takenOver(blow, led, next, next.nanos() - began))
                  .delayUntil(
                      next ->
                          ear.writeSince(next.epoch())
                              .doOnNext(write -> seen.wrote(blow, write.nanos() - began)));
          return Mono.when(strike, successor.then()).then(successor(led));
        });
  }

  private Mono<Leadership> successor(Leadership led) {
    return ear.leadershipAfter(led.epoch());
  }

  /**
   * The leader goes on unheard, for so long that it has renewed its lease at least, and stands
   * still then. What it has written arrives when somebody else leads, and before that one has
   * written: a late assignment would find its tasks waiting, and be accepted but for the fence.
   */
  private Mono<Void> paused(Leadership led, Node leader) {
    Relay relay = leader.relay();
    Mono<Void> pause =
        Mono.fromRunnable(relay::hold)
            .then(Mono.delay(plan.terms().interval().plus(MARGIN), stage.clock()))
            .then(leader.server().pause())
            .then(successor(led))
            .then(Mono.defer(() -> late(led, relay)));
    return struck(Blow.PAUSE, led, pause)
        .then(Mono.defer(leader.server()::resume))
        .then(Mono.defer(leader.crew()::statistics))
        .doOnNext(told -> seen.woke(leads(told)))
        .then();
  }

  private static boolean leads(JsonNode statistics) {
    return statistics.path("leader").path("leading").asBoolean(true);
  }

  private Mono<Void> late(Leadership led, Relay relay) {
    long lateBefore = relay.late();
    long refusedBefore = relay.refused();
    relay.release(led.epoch());
    return Mono.delay(AFTERWARDS, stage.clock())
        .doOnNext(passed -> seen.late(relay.late() - lateBefore, relay.refused() - refusedBefore))
        .then();
  }

  private Mono<Void> until(BooleanSupplier condition) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, stage.clock())
        .onBackpressureDrop()
        .filter(tick -> condition.getAsBoolean())
        .next()
        .then();
  }
}
