package io.multiswarm.load.suite;

import io.multiswarm.load.chaos.ChaosScenario;
import io.multiswarm.load.chaos.FaultFamily;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.failover.FailoverScenario;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.floods.MalformedScenario;
import io.multiswarm.load.messages.KilledSubscriptionsScenario;
import io.multiswarm.load.messages.MessagesScenario;
import io.multiswarm.load.messages.Mix;
import io.multiswarm.load.messages.ScaleScenario;
import io.multiswarm.load.messages.SlowScenario;
import io.multiswarm.load.messages.Traffic;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.slowlog.SlowlogScenario;
import io.multiswarm.load.suite.ChurnScenario.Growth;
import io.multiswarm.load.target.Topology;
import io.multiswarm.load.tasks.TasksScenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The scenarios that {@code all} runs, each in a form that a machine of two cores gets through in
 * minutes. Their sizes are the same on every machine, so that reports compare; rates are low enough
 * to be met by a small one.
 */
public final class Catalogue {

  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final int WINDOW = 32;

  /** Of a current redis-server, and of the bundled one, which takes twice as long. */
  private static final Duration SLOW = Duration.ofMillis(5);

  private static final Duration SLOW_IF_BUNDLED = Duration.ofMillis(10);

  private final ServerPlan servers;
  private final Form form;
  private final Map<String, LongFunction<Scenario>> scenarios = new LinkedHashMap<>();

  /** How long a scenario is. */
  public enum Form {
    /** To measure. */
    USUAL(10, 30, 10, 60),
    /**
     * To see that it works: what it measures says little, and how long things take is not judged.
     */
    BRIEF(1, 3, 5, 30);

    private final Duration warmUp;
    private final Duration load;
    private final Duration settle;
    private final Duration patience;

    Form(int warmUp, int load, int settle, int patience) {
      this.warmUp = Duration.ofSeconds(warmUp);
      this.load = Duration.ofSeconds(load);
      this.settle = Duration.ofSeconds(settle);
      this.patience = Duration.ofSeconds(patience);
    }

    int of(int usual, int brief) {
      return this == USUAL ? usual : brief;
    }
  }

  /**
   * @param jar the server's program
   * @param flags what servers are told beyond what scenarios tell them
   * @param topology of the Redis that they share
   * @param redis the redis-server of scenarios about its commands; the bundled one when there is
   *     none
   */
  public Catalogue(
      Path jar, List<String> flags, Topology topology, Optional<Path> redis, Form form) {
    this.form = form;
    this.servers = new ServerPlan(form.of(3, 2), LEASE, jar, flags, topology);
    scenarios.put("messages", seed -> messages(100, 100, 1_000, 5));
    scenarios.put("tasks", seed -> tasks());
    scenarios.put("mixed", seed -> mixed());
    scenarios.put(
        "resources",
        seed -> new ResourcesScenario(new ResourcesScenario.Plan(40, 30, form.load, seed)));
    scenarios.put(
        "votes", seed -> new VotesScenario(new VotesScenario.Plan(form.of(200, 30), 16, seed)));
    scenarios.put("scale", seed -> scale());
    scenarios.put("pubsub", seed -> new KilledSubscriptionsScenario(messages(20, 20, 200, 5)));
    scenarios.put("slow", seed -> slow());
    scenarios.put("malformed", seed -> new MalformedScenario(mixed()));
    scenarios.put(
        "churn",
        seed ->
            new ChurnScenario(
                new ChurnScenario.Plan(form.of(8, 4), form.of(1_000, 100), 50, Growth.NONE)));
    scenarios.put("failover", seed -> failover());
    scenarios.put("chaos", seed -> chaos(FaultFamily.KILLS, form.of(20_000, 1_500), 9, seed));
    scenarios.put("rolling", seed -> chaos(FaultFamily.ROLLING, form.of(6_000, 400), 2, seed));
    scenarios.put("storm", seed -> chaos(FaultFamily.STORM, form.of(6_000, 600), 6, seed));
    scenarios.put("recovery", seed -> recovery());
    scenarios.put("isolation", seed -> isolation());
    if (topology.isAlone()) {
      addThoseOnOneRedis(jar, flags, redis);
    }
  }

  private void addThoseOnOneRedis(Path jar, List<String> flags, Optional<Path> redis) {
    scenarios.put("slowlog", seed -> slowlog(jar, flags, redis));
    scenarios.put("network", seed -> chaos(FaultFamily.NETWORK, form.of(15_000, 1_500), 10, seed));
    scenarios.put("frozen", seed -> chaos(FaultFamily.FROZEN, form.of(6_000, 400), 3, seed));
    scenarios.put("memory", seed -> chaos(FaultFamily.MEMORY, form.of(6_000, 400), 3, seed));
  }

  /** As large as a fleet gets with the usual settings. */
  private Scenario slowlog(Path jar, List<String> flags, Optional<Path> redis) {
    return new SlowlogScenario(
        new SlowlogScenario.Plan(
            form.of(10_000, 200),
            form.of(20_000, 500),
            form.of(100, 4),
            1_000_000,
            redis.isPresent() ? SLOW : SLOW_IF_BUNDLED,
            form.of(3, 1_000),
            redis,
            jar,
            flags));
  }

  /** Their makers by their names, in the order in which they run; a maker takes the seed. */
  public Map<String, LongFunction<Scenario>> scenarios() {
    return scenarios;
  }

  private MessagesScenario messages(int swarms, int sessions, int rate, int broadcasts) {
    Duration all = form.warmUp.plus(form.load);
    var mix = new Mix(broadcasts, swarms);
    var traffic = new Traffic(Pace.of(rate, all), form.warmUp, mix, WINDOW, sessions);
    var size = new SimulatedSwarms.Size(swarms, Math.max(1, swarms / sessions));
    return new MessagesScenario(
        new MessagesScenario.Plan(
            size, traffic, 300, form.settle, MessagesScenario.Transports.WEBSOCKET));
  }

  /** Targeted messages at one rate: only what the number of swarms itself costs is to grow. */
  private Scenario scale() {
    return new ScaleScenario(
        form == Form.USUAL ? List.of(100, 1_000, 10_000) : List.of(10, 100),
        swarms -> messages(swarms, swarms / 10, 500, 0));
  }

  private Scenario tasks() {
    Duration all = form.warmUp.plus(form.load);
    return new TasksScenario(
        new TasksScenario.Plan(
            new SimulatedSwarms.Size(100, 10),
            new TasksScenario.Load(Pace.of(500, all), form.warmUp, 1_000),
            new TasksScenario.Work(300, "", 16, Duration.ofMillis(5)),
            Duration.ZERO,
            form.settle,
            TasksScenario.Transports.WEBSOCKET));
  }

  /** Bursts of which workers take longer than they last; one task in so many is longer yet. */
  private Scenario mixed() {
    Duration day = form.warmUp.plus(form.load);
    var bursts = new Pace.Bursts(Duration.ofSeconds(form.of(5, 2)), 0.1);
    var talk = new Traffic(Pace.of(200, day).in(bursts), form.warmUp, new Mix(5, 20), WINDOW, 20);
    var work = new TasksScenario.Load(Pace.of(60, day).in(bursts), form.warmUp, 1_000);
    var longTasks =
        new TasksScenario.LongTasks(
            50, Duration.ofSeconds(form.of(8, 2)), Duration.ofSeconds(form.of(5, 0)));
    return new MixedScenario(
        new MessagesScenario(
            new MessagesScenario.Plan(
                new SimulatedSwarms.Size(20, 1),
                talk,
                300,
                form.settle,
                MessagesScenario.Transports.WEBSOCKET)),
        new TasksScenario(
            new TasksScenario.Plan(
                new SimulatedSwarms.Size(20, 5),
                work,
                new TasksScenario.Work(300, "", 2, Duration.ofMillis(100), longTasks),
                Duration.ZERO,
                form.settle,
                TasksScenario.Transports.WEBSOCKET)));
  }

  private Scenario slow() {
    var mix = new Mix(100, 10);
    Duration warmUp = form.warmUp;
    Duration silence = form.load.multipliedBy(2).dividedBy(3);
    return new SlowScenario(
        new SlowScenario.Plan(
            10,
            form.of(50, 5),
            form.of(2_000, 20_000),
            new Traffic(
                Pace.of(form.of(1_000, 500), warmUp.plus(form.load)), warmUp, mix, WINDOW, 10),
            new Traffic(Pace.of(form.of(1_000, 500), silence), Duration.ZERO, mix, WINDOW, 10),
            form.settle,
            new SlowScenario.Promise(100L << 20, form.of(2, 1_000))));
  }

  private Scenario recovery() {
    Duration saving = form.load.dividedBy(form.of(15, 3));
    return new RecoveryScenario(
        new RecoveryScenario.Plan(
            20, form.of(5, 2), saving, servers.jar(), servers.flags(), servers.topology()));
  }

  private Scenario isolation() {
    return new IsolationScenario(
        new IsolationScenario.Plan(
            20, form.of(100, 10), servers.jar(), servers.flags(), servers.topology()));
  }

  private Scenario failover() {
    return new FailoverScenario(
        new FailoverScenario.Plan(
            form.of(5, 1),
            form.of(2, 1),
            new FailoverScenario.Bounds(
                Duration.ofMillis(form.of(500, 60_000)),
                Duration.ofSeconds(form.of(2, 60)),
                Duration.ofSeconds(form.of(1, 60))),
            2,
            servers));
  }

  private Scenario chaos(FaultFamily family, int tasks, int faults, long seed) {
    int few = family == FaultFamily.NETWORK ? 5 : family == FaultFamily.KILLS ? 3 : 1;
    return new ChaosScenario(
        new ChaosScenario.Plan(
            new ChaosScenario.Faults(
                family, form.of(faults, few), Duration.ofSeconds(form.of(3, 60))),
            tasks,
            seed,
            form.patience,
            new ChaosScenario.Crowd(form.of(100, 20), 2, 8, form.of(1_000, 100)),
            servers));
  }
}
