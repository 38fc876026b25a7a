package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisProcess;
import io.multiswarm.load.target.RedisProcess.Sync;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Tasks on several servers and one Redis, while workers, the leading server and Redis are killed.
 */
public final class ChaosScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param seed of everything that is random
   */
  public record Plan(int tasks, int kills, long seed, Crowd crowd, ServerPlan servers) {

    public Plan {
      if (tasks < 1 || kills < 0) {
        throw new IllegalArgumentException("There is at least one task, and no negative kill");
      }
    }
  }

  /**
   * Who does the tasks.
   *
   * @param swarms in all
   * @param perSession of them in a session
   * @param credit how many tasks a swarm is ready for
   * @param unfinished tasks at most, in all
   */
  public record Crowd(int swarms, int perSession, int credit, int unfinished) {

    private static final int MOST_AT_ONCE = 40;

    public Crowd {
      if (swarms < 1 || perSession < 1 || credit < 1 || unfinished < 1) {
        throw new IllegalArgumentException(
            "There is at least one swarm, in a session, ready for a task");
      }
      if (perSession * credit > MOST_AT_ONCE) {
        throw new IllegalArgumentException(
            "A session may have 64 requests on their way, so its swarms are ready for %d tasks at most, not %d × %d"
                .formatted(MOST_AT_ONCE, perSession, credit));
      }
    }

    int sessions() {
      return (swarms + perSession - 1) / perSession;
    }
  }

  private final Plan plan;

  public ChaosScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "Whatever is killed, no accepted task is lost, and none has two accepted completions.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  /** Redis syncs its file with each write: what is judged is that nothing else loses anything. */
  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Mono.usingWhen(
        RedisProcess.start(Sync.ALWAYS, context.clock()),
        redis -> on(redis, context),
        RedisProcess::close);
  }

  private Mono<Report> on(RedisProcess redis, ScenarioContext context) {
    var leaderships = new LeadershipLedger();
    return Mono.usingWhen(
        RedisObserver.open(
            redis.uri(), leaderships, () -> context.clock().now(TimeUnit.NANOSECONDS)),
        observer -> {
          var chaos =
              new ChaosContext(plan, context, ServerSlots.of(plan.servers(), redis.uri(), context));
          return Mono.usingWhen(
              Mono.just(chaos),
              any -> new ChaosRun(chaos, redis, observer, leaderships).report(),
              any -> chaos.slots().close());
        },
        RedisObserver::close);
  }
}
