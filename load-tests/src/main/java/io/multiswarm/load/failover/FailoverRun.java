package io.multiswarm.load.failover;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.RedisObserver.Leadership;
import io.multiswarm.load.faults.Relay;
import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.SharedRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * One run of the scenario: a fault to the leader, everybody at their place again, the next fault.
 */
final class FailoverRun {

  /** Whatever takes longer than that does not come any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private static final Duration MARGIN = Duration.ofMillis(100);

  /** In which Redis answers what was delivered late, and the successor writes on. */
  private static final Duration AFTERWARDS = Duration.ofMillis(200);

  private final FailoverScenario.Plan plan;
  private final ScenarioContext context;
  private final RedisObserver observer;
  private final SharedRedis redis;
  private final List<Node> nodes;
  private final LeadershipLedger ledger;
  private final FailoverObservation seen = new FailoverObservation();

  FailoverRun(
      FailoverScenario.Plan plan,
      ScenarioContext context,
      RedisObserver observer,
      FailoverScenario.Installation installation,
      LeadershipLedger ledger) {
    this.plan = plan;
    this.context = context;
    this.observer = observer;
    this.redis = installation.redis();
    this.nodes = installation.nodes();
    this.ledger = ledger;
  }

  Mono<Report> report() {
    List<LeaderFault> faults = plan.faults();
    context.say(
        "%nfailover: %d servers, lease %d ms, Redis: %s%n",
        nodes.size(), plan.servers().lease().toMillis(), plan.servers().topology());
    return Flux.fromIterable(nodes)
        .flatMap(Node::start)
        .thenMany(Flux.range(0, faults.size()))
        .concatMap(round -> round(faults.get(round), round + 1, faults.size()), 1)
        .then(
            Mono.fromSupplier(
                () -> new FailoverSummary(plan, seen, ledger, observer.interruptions()).report()));
  }

  private Mono<Void> round(LeaderFault fault, int number, int all) {
    return everybodyAtWork()
        .then(Mono.delay(anyMoment(), context.clock()))
        .then(observer.leadershipAfter(0))
        .flatMap(
            led -> {
              Node leader = leading(led);
              return switch (fault) {
                case KILL -> replaced(fault, led, leader, leader.server().kill());
                case STOP -> replaced(fault, led, leader, leader.server().stop());
                case PAUSE -> paused(led, leader);
                case BEREFT -> bereft();
                case MOVED -> moved();
              };
            })
        .timeout(PATIENCE, context.clock())
        .onErrorMap(
            error ->
                new IllegalStateException(
                    "Round %d, the leader %s: %s".formatted(number, fault.title(), error), error))
        .doOnSuccess(
            done ->
                context.say("%4d of %d  %s: %s%n", number, all, fault.title(), seen.last(fault)));
  }

  /** So that faults fall before, after and between renewals. */
  private Duration anyMoment() {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(plan.servers().interval().toMillis()));
  }

  private Mono<Void> everybodyAtWork() {
    return until(() -> nodes.stream().allMatch(node -> node.swarms().isComplete()))
        .then(observer.leadershipAfter(0))
        .flatMap(led -> observer.writeSince(led.epoch()))
        .then();
  }

  private Node leading(Leadership led) {
    return nodes.stream()
        .filter(node -> node.is(led.node()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(led + " is by no server of ours"));
  }

  private Mono<Void> replaced(LeaderFault fault, Leadership led, Node leader, Mono<Integer> end) {
    return struck(fault, led, end.doOnNext(code -> seen.ended(fault, code)))
        .then(Mono.defer(leader::start));
  }

  /** Strikes, and waits for the end of the fault, for a successor and for its first write. */
  private Mono<Leadership> struck(LeaderFault fault, Leadership led, Mono<?> strike) {
    return Mono.defer(
        () -> {
          long began = context.clock().now(TimeUnit.NANOSECONDS);
          context.mark("leader " + fault.title());
          Mono<Leadership> successor =
              observer
                  .leadershipAfter(led.epoch())
                  .doOnNext(next -> seen.takenOver(fault, led, next, next.nanos() - began))
                  .delayUntil(
                      next ->
                          observer
                              .writeSince(next.epoch())
                              .doOnNext(write -> seen.wrote(fault, write.nanos() - began)));
          return Mono.when(strike, successor.then()).then(successor(led));
        });
  }

  private Mono<Leadership> successor(Leadership led) {
    return observer.leadershipAfter(led.epoch());
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
            .then(Mono.delay(plan.servers().interval().plus(MARGIN), context.clock()))
            .then(leader.server().pause())
            .then(successor(led))
            .then(Mono.defer(() -> late(led, relay)));
    return struck(LeaderFault.PAUSE, led, pause)
        .then(Mono.defer(leader.server()::resume))
        .then(Mono.defer(leader.swarms()::statistics))
        .doOnNext(told -> seen.woke(leads(told)))
        .then();
  }

  /** Whoever leads then writes on; who that is, is a matter of what is left of the lease. */
  private Mono<Void> bereft() {
    context.mark("leader " + LeaderFault.BEREFT.title());
    Mono<Void> written =
        redis
            .kill()
            .then(
                Mono.defer(
                    () -> {
                      long began = context.clock().now(TimeUnit.NANOSECONDS);
                      return observer
                          .writeAfter(began)
                          .doOnNext(write -> seen.wrote(LeaderFault.BEREFT, write.nanos() - began));
                    }))
            .then();
    return changed(LeaderFault.BEREFT, written)
        .then(Mono.defer(redis::restart))
        .then(Mono.defer(redis::whole));
  }

  private Mono<Void> moved() {
    context.mark("leader " + LeaderFault.MOVED.title());
    return changed(LeaderFault.MOVED, redis.handOver()).then(Mono.defer(redis::whole));
  }

  /** Listens before it strikes. */
  private Mono<Void> changed(LeaderFault fault, Mono<Void> strike) {
    return Mono.when(
        redis
            .nextChange()
            .doOnNext(change -> seen.changed(fault, change.written() - change.announced())),
        strike);
  }

  private static boolean leads(JsonNode statistics) {
    return statistics.path("leader").path("leading").asBoolean(true);
  }

  private Mono<Void> late(Leadership led, Relay relay) {
    long lateBefore = relay.late();
    long refusedBefore = relay.refused();
    relay.release(led.epoch());
    return Mono.delay(AFTERWARDS, context.clock())
        .doOnNext(passed -> seen.late(relay.late() - lateBefore, relay.refused() - refusedBefore))
        .then();
  }

  private Mono<Void> until(BooleanSupplier condition) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, context.clock())
        .onBackpressureDrop()
        .filter(tick -> condition.getAsBoolean())
        .next()
        .then();
  }
}
