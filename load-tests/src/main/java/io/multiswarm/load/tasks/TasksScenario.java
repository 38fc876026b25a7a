package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Every swarm submits tasks and does those that it is given. */
public final class TasksScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param warmup the beginning of the pace, whose times don't count
   * @param settle how long nothing may be completed before what is missing counts as lost
   */
  public record Plan(Fleet.Size size, Pace pace, Duration warmup, Work work, Duration settle) {

    public Plan {
      if (pace.duration().compareTo(warmup) <= 0) {
        throw new IllegalArgumentException("After the warm-up some time must be left to measure");
      }
    }
  }

  /**
   * What a task is and how it is done.
   *
   * @param payload bytes of each task's data
   * @param strategy by which tasks are distributed; empty for the server's own choice
   * @param credit how many tasks a swarm is ready for
   * @param time how long doing one takes
   */
  public record Work(int payload, String strategy, int credit, Duration time) {

    private static final int MOST = 10_000;

    public Work {
      if (!strategy.matches("[a-z_]*")) {
        throw new IllegalArgumentException("'%s' is no name of a strategy".formatted(strategy));
      }
      if (credit < 1 || credit > MOST) {
        throw new IllegalArgumentException(
            "A swarm is ready for 1 to %,d tasks, not %d".formatted(MOST, credit));
      }
    }

    String terms() {
      return strategy.isEmpty() ? "" : "\"strategy\":\"" + strategy + "\"";
    }
  }

  private final Plan plan;
  private final StampedData data;

  public TasksScenario(Plan plan) {
    this.plan = plan;
    this.data = new StampedData(plan.work().payload());
  }

  @Override
  public Mono<Report> run(Stage stage) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Fleet(stage.http(), stage.url(), plan.size(), Map.of())),
        fleet ->
            Mono.firstWithSignal(new TaskRun(plan, data, fleet, stage).report(), broken(fleet)),
        Fleet::dismiss);
  }

  private static Mono<Report> broken(Fleet fleet) {
    return fleet.broken().then(Mono.never());
  }
}
