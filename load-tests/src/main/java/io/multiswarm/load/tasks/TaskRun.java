package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.Fleet.Member;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiet;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run of the scenario: everybody at work, everybody submitting, then the reckoning. */
final class TaskRun {

  private final TasksScenario.Plan plan;
  private final StampedData data;
  private final Fleet fleet;
  private final Stage stage;
  private final TaskNames names = new TaskNames();
  private final TaskObservation seen;

  TaskRun(TasksScenario.Plan plan, StampedData data, Fleet fleet, Stage stage) {
    this.plan = plan;
    this.data = data;
    this.fleet = fleet;
    this.stage = stage;
    this.seen =
        new TaskObservation(() -> stage.clock().now(TimeUnit.NANOSECONDS), plan.size().swarms());
  }

  Mono<Report> report() {
    return fleet
        .assemble(member -> new Worker(member, tasking(member), names, plan.work(), seen).start())
        .collectList()
        .flatMap(this::measured);
  }

  private Tasking tasking(Member member) {
    return new Tasking(member.client(), data, plan.work().terms());
  }

  private Mono<Report> measured(List<Member> members) {
    stage
        .out()
        .printf(
            Locale.ROOT,
            "%ntasks: %,d swarms in %,d sessions%n",
            plan.size().swarms(),
            members.size());
    stage.out().flush();
    var inquest = new Inquest(members.get(0).client(), names, seen.ledger());
    return CostMeter.start(stage)
        .flatMap(
            meter ->
                flow(members)
                    .then(
                        Mono.defer(
                            () ->
                                Mono.zip(
                                    meter.perThing(seen.ledger().completed()), inquest.held())))
                    .map(found -> new TaskSummary(seen, found.getT1(), found.getT2()).report()));
  }

  private Mono<Void> flow(List<Member> members) {
    Mono<Void> quiet =
        Quiet.reached(
            seen.ledger()::isQuiet, seen.ledger()::completed, plan.settle(), stage.clock());
    return Progress.each(Duration.ofSeconds(1), stage, new TaskProgress(seen)::next)
        .during(submissions(members).then(quiet));
  }

  private Mono<Void> submissions(List<Member> members) {
    long start = seen.nanoTime();
    seen.measureFrom(start + plan.warmup().toNanos());
    var end =
        Mono.delay(plan.pace().duration(), stage.clock())
            .doOnNext(tick -> seen.completions().endWaiting());
    return Flux.fromIterable(members)
        .flatMap(
            member ->
                new Submitter(member, tasking(member), names, seen)
                    .submit(plan.pace().share(member.index(), members.size()), start),
            members.size())
        .then()
        .and(end);
  }
}
