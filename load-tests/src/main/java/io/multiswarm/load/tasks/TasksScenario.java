package io.multiswarm.load.tasks;

import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every swarm submits tasks and does those that it is given. */
public final class TasksScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param load how much
   * @param idle how long tasks wait without any credit before that; zero leaves that out
   * @param settle how long nothing may be completed before what is missing counts as lost
   */
  public record Plan(
      SimulatedSwarms.Size size,
      Load load,
      Work work,
      Duration idle,
      Duration settle,
      Transports transports) {

    public Plan {
      if (!transports.baselines().isEmpty() && TaskKinds.of(work.strategy()) != TaskKinds.NONE) {
        throw new IllegalArgumentException(
            "Bare Redis gives tasks to swarms in turn: no baseline for the strategy "
                + work.strategy());
      }
      if (work.rest().oneIn() > 0 && (transports.embedded() || !transports.baselines().isEmpty())) {
        throw new IllegalArgumentException("Long tasks are for swarms of a server");
      }
    }
  }

  /**
   * How much is submitted.
   *
   * @param warmup the beginning of the pace, whose times don't count
   * @param unfinished tasks in all, when the pace saturates
   */
  public record Load(Pace pace, Duration warmup, int unfinished) {

    public Load {
      if (pace.duration().compareTo(warmup) <= 0) {
        throw new IllegalArgumentException("After the warm-up some time must be left to measure");
      }
      if (unfinished < 1) {
        throw new IllegalArgumentException("At least one task is unfinished, not " + unfinished);
      }
    }
  }

  /**
   * @param baselines what the others are compared with
   * @param embedded the library in this process
   * @param webSocket the server
   */
  public record Transports(
      List<TaskTransport.Factory> baselines, boolean embedded, boolean webSocket) {

    /** A server by its WebSocket, and nothing beside it. */
    public static final Transports WEBSOCKET = new Transports(List.of(), false, true);
  }

  /**
   * What a task is and how it is done.
   *
   * @param payload bytes of each task's data
   * @param strategy by which tasks are distributed; empty for the server's own choice
   * @param credit how many tasks a swarm is ready for
   * @param time how long doing one takes
   * @param rest those that take longer
   */
  public record Work(int payload, String strategy, int credit, Duration time, LongTasks rest) {

    private static final int MOST = 10_000;

    /** All of which take about the same. */
    public Work(int payload, String strategy, int credit, Duration time) {
      this(payload, strategy, credit, time, LongTasks.NONE);
    }

    /** How long doing a task takes, by its number. */
    Duration time(long task) {
      return rest.oneIn() > 0 && task % rest.oneIn() == rest.oneIn() - 1 ? rest.time() : time;
    }

    public Work {
      if (!strategy.matches("[a-z_]*")) {
        throw new IllegalArgumentException("'%s' is no name of a strategy".formatted(strategy));
      }
      if (credit < 1 || credit > MOST) {
        throw new IllegalArgumentException(
            "A swarm is ready for 1 to %,d tasks, not %d".formatted(MOST, credit));
      }
    }
  }

  /**
   * Tasks that take much longer than the others; swarms of a server alone have them.
   *
   * @param oneIn so many; 0 for none
   * @param time how long doing one takes
   * @param lease of every task, which the server renews; zero for its own choice
   */
  public record LongTasks(int oneIn, Duration time, Duration lease) {
    static final LongTasks NONE = new LongTasks(0, Duration.ZERO, Duration.ZERO);
  }

  private final Plan plan;
  private final StampedData data;
  private final TaskTerms terms;

  public TasksScenario(Plan plan) {
    this.plan = plan;
    this.data = new StampedData(plan.work().payload());
    this.terms =
        new TaskTerms(plan.work().strategy(), plan.size().swarms(), plan.work().rest().lease());
  }

  @Override
  public String promise() {
    return "Each accepted task is completed exactly once, and no swarm is given more than"
        + " it asked for.";
  }

  @Override
  public Need need() {
    return plan.transports().webSocket() ? Need.SERVER : Need.REDIS;
  }

  /** Each transport is built when the one before it has been left. */
  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Flux.fromIterable(transports(context))
        .concatMap(transport -> new TaskRun(plan, terms, transport.get(), context).result(), 1)
        .collectList()
        .map(results -> report(results, context));
  }

  private List<Supplier<TaskTransport>> transports(ScenarioContext context) {
    List<Supplier<TaskTransport>> transports = new ArrayList<>();
    for (TaskTransport.Factory baseline : plan.transports().baselines()) {
      transports.add(() -> baseline.over(plan.size(), plan.work().payload(), context.knownRedis()));
    }
    if (plan.transports().embedded()) {
      // Built now and here: the library seeds its random ids, and no event loop should wait for
      // that.
      TaskTransport embedded = new EmbeddedTaskTransport(data, terms, context.knownRedis());
      transports.add(() -> embedded);
    }
    if (plan.transports().webSocket()) {
      transports.add(() -> new WebSocketTaskTransport(fleet(context), data, terms));
    }
    return transports;
  }

  private SimulatedSwarms fleet(ScenarioContext context) {
    return new SimulatedSwarms(
        context.connector(),
        context.doors(),
        plan.size(),
        number -> terms.kinds().profile(number, terms.swarms()));
  }

  private Report report(List<TaskRun.Result> results, ScenarioContext context) {
    var report = new Report("tasks");
    context.addPlaces(plan.size().sessions(), report);
    results.forEach(result -> new TaskSummary(result).addTo(report));
    new Ratios(results.stream().map(TaskRun.Result::measured).toList()).addTo(report);
    return report;
  }
}
