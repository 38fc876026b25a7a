package io.multiswarm.load.soak;

import io.multiswarm.load.chaos.ChaosScenario;
import io.multiswarm.load.chaos.FaultFamily;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Tasks at a steady rate for as long as is asked, while workers are killed, all connections are
 * cut, and Redis is killed and stands still; servers live on, so that what they keep shows.
 *
 * <p><b>Invariant.</b> That of {@link ChaosScenario}; and in the end the servers' heap after a
 * collection, their open files and threads, and Redis's memory are where they were after the
 * warm-up.
 */
public final class SoakScenario implements Scenario {

  private static final Duration SHORTEST = Duration.ofSeconds(60);
  private static final int MEASUREMENTS = 180;
  private static final int UNFINISHED_SECONDS = 5;
  private static final int PER_SESSION = 2;
  private static final int CREDIT = 8;

  /** So that what is kept for a while is full, and no more, after the warm-up of a short run. */
  private static final List<String> SHORT_MEMORY =
      List.of("--task-retention", "30s", "--swarm-ttl", "60s", "--history-max-messages", "100");

  /**
   * What is asked of the scenario.
   *
   * @param duration of the work
   * @param perSecond tasks that are submitted
   * @param between from one fault to the next, on average
   * @param patience how long nothing may be completed before what is missing is lost
   * @param swarms that work
   */
  public record Plan(
      Duration duration,
      int perSecond,
      Duration between,
      Duration patience,
      int swarms,
      ServerPlan servers) {

    public Plan {
      if (duration.compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException(
            "A soak lasts %d seconds at least, not %s".formatted(SHORTEST.toSeconds(), duration));
      }
      if (perSecond < 1 || between.isZero() || between.isNegative()) {
        throw new IllegalArgumentException("There is a task each second, and time between faults");
      }
    }
  }

  private final Plan plan;
  private final long seed;

  /**
   * @param seed of everything that is random
   */
  public SoakScenario(Plan plan, long seed) {
    this.plan = plan;
    this.seed = seed;
  }

  @Override
  public String promise() {
    return "After long work and many faults nothing is lost, and nothing has piled up.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return new ChaosScenario(work(), new Gauges(plan.duration().dividedBy(MEASUREMENTS)))
        .run(context)
        .map(
            seen -> {
              var report = new Report("soak");
              report.include(seen);
              return report;
            });
  }

  private ChaosScenario.Plan work() {
    int tasks = Math.toIntExact(plan.duration().toSeconds() * plan.perSecond());
    int faults = Math.toIntExact(plan.duration().dividedBy(plan.between()));
    ServerPlan servers = plan.servers();
    List<String> flags = new ArrayList<>(SHORT_MEMORY);
    flags.addAll(servers.flags());
    return new ChaosScenario.Plan(
        new ChaosScenario.Faults(FaultFamily.AROUND, faults, plan.patience()),
        tasks,
        seed,
        plan.patience(),
        new ChaosScenario.Crowd(
            plan.swarms(),
            PER_SESSION,
            CREDIT,
            plan.perSecond() * UNFINISHED_SECONDS,
            plan.perSecond()),
        new ServerPlan(servers.count(), servers.lease(), servers.jar(), flags, servers.topology()));
  }
}
