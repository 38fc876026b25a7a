package io.multiswarm.load.agents;

import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * MCP agents at work while they, their bridges and the servers are killed; then many that wait, who
 * would be given tasks if they came first.
 */
public final class AgentsScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param bridged of the agents, who speak through a process of their own
   * @param waiting agents at once, for whose waking is looked at
   * @param seed of everything that is random
   */
  public record Plan(
      int agents, int bridged, int tasks, int kills, int waiting, long seed, ServerPlan servers) {

    public Plan {
      if (agents < 1 || bridged < 1 || bridged > agents || tasks < 1 || kills < 0 || waiting < 0) {
        throw new IllegalArgumentException(
            "There is at least one task and an agent, one of them has a bridge, and no number is"
                + " negative");
      }
    }
  }

  private final Plan plan;

  public AgentsScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "Whatever is killed, agents that live keep their tasks, each ends once, and who waits is"
        + " woken within 50 ms.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Mono.usingWhen(
        RedisServerProcess.start(Sync.EVERYSEC, context.clock()),
        redis ->
            Mono.usingWhen(
                Mono.fromSupplier(
                    () -> ServerSlots.of(plan.servers(), List.of(redis.uri()), context)),
                slots -> Mono.fromFuture(() -> measured(context, slots, redis)),
                ServerSlots::close),
        RedisServerProcess::close);
  }

  /** On a thread of its own, which waits as agents do. */
  private CompletableFuture<Report> measured(
      ScenarioContext context, ServerSlots slots, RedisServerProcess redis) {
    CompletableFuture<Report> report = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                report.complete(measure(context, slots, redis));
              } catch (InterruptedException | RuntimeException failed) {
                report.completeExceptionally(failed);
              }
            },
            "agents");
    thread.setDaemon(true);
    thread.start();
    return report;
  }

  private Report measure(ScenarioContext context, ServerSlots slots, RedisServerProcess redis)
      throws InterruptedException {
    slots.start().block();
    Report report = new Report("agents");
    new AgentsRun(plan, context, slots).run(report);
    if (plan.waiting() > 0) {
      new WakeMeasurement(context, slots, redis.uri(), plan.waiting()).run(report);
    }
    return report;
  }
}
