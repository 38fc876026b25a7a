package io.multiswarm.load;

import io.multiswarm.load.chaos.ChaosScenario;
import io.multiswarm.load.chaos.FaultFamily;
import io.multiswarm.load.churn.ChurnScenario;
import io.multiswarm.load.churn.ChurnScenario.Growth;
import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.failover.FailoverScenario;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.isolation.IsolationScenario;
import io.multiswarm.load.messages.KilledSubscriptionsScenario;
import io.multiswarm.load.messages.MessagesScenario;
import io.multiswarm.load.messages.Mix;
import io.multiswarm.load.messages.ScaleScenario;
import io.multiswarm.load.messages.SlowScenario;
import io.multiswarm.load.messages.Traffic;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.recovery.RecoveryScenario;
import io.multiswarm.load.resources.ResourcesScenario;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.target.Topology;
import io.multiswarm.load.tasks.TasksScenario;
import io.multiswarm.load.votes.VotesScenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The scenarios that {@code all} runs, each in a form that a machine of two cores gets through in
 * minutes. Their sizes are the same on every machine, so that reports compare; rates are low enough
 * to be met by a small one.
 */
final class Catalogue {

  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration LOAD = Duration.ofSeconds(30);
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SAVING = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final int WINDOW = 32;

  private final Path jar;
  private final List<String> flags;
  private final Topology topology;
  private final Map<String, LongFunction<Scenario>> scenarios = new LinkedHashMap<>();

  /**
   * @param jar the server's program
   * @param flags what servers are told beyond what scenarios tell them
   * @param topology of the Redis that they share
   */
  Catalogue(Path jar, List<String> flags, Topology topology) {
    this.jar = jar;
    this.flags = flags;
    this.topology = topology;
    scenarios.put("messages", seed -> messages(100, 100, 1_000, 5));
    scenarios.put("tasks", seed -> tasks());
    scenarios.put(
        "resources", seed -> new ResourcesScenario(new ResourcesScenario.Plan(40, 30, LOAD, seed)));
    scenarios.put("votes", seed -> new VotesScenario(new VotesScenario.Plan(200, 16, seed)));
    scenarios.put("scale", seed -> scale());
    scenarios.put("pubsub", seed -> new KilledSubscriptionsScenario(messages(20, 20, 200, 5)));
    scenarios.put("slow", seed -> slow());
    scenarios.put(
        "churn", seed -> new ChurnScenario(new ChurnScenario.Plan(8, 1_000, 100, Growth.NONE)));
    scenarios.put("failover", seed -> failover());
    scenarios.put("chaos", seed -> chaos(FaultFamily.KILLS, 20_000, 9, seed));
    scenarios.put("rolling", seed -> chaos(FaultFamily.ROLLING, 6_000, 2, seed));
    scenarios.put("storm", seed -> chaos(FaultFamily.STORM, 6_000, 6, seed));
    if (topology.isAlone()) {
      scenarios.put(
          "recovery",
          seed -> new RecoveryScenario(new RecoveryScenario.Plan(20, 5, SAVING, jar, flags)));
      scenarios.put(
          "isolation",
          seed -> new IsolationScenario(new IsolationScenario.Plan(20, 100, jar, flags)));
      scenarios.put("network", seed -> chaos(FaultFamily.NETWORK, 15_000, 10, seed));
      scenarios.put("frozen", seed -> chaos(FaultFamily.FROZEN, 6_000, 3, seed));
      scenarios.put("memory", seed -> chaos(FaultFamily.MEMORY, 6_000, 3, seed));
    }
  }

  /** Their makers by their names, in the order in which they run; a maker takes the seed. */
  Map<String, LongFunction<Scenario>> scenarios() {
    return scenarios;
  }

  private static MessagesScenario messages(int swarms, int sessions, int rate, int broadcasts) {
    var mix = new Mix(broadcasts, swarms);
    var traffic = new Traffic(Pace.of(rate, WARM_UP.plus(LOAD)), WARM_UP, mix, WINDOW, sessions);
    var size = new Fleet.Size(swarms, Math.max(1, swarms / sessions));
    return new MessagesScenario(
        new MessagesScenario.Plan(
            size, traffic, 300, SETTLE, new MessagesScenario.Transports(List.of(), false, true)));
  }

  /** Targeted messages at one rate: only what the number of swarms itself costs is to grow. */
  private static Scenario scale() {
    return new ScaleScenario(
        List.of(100, 1_000, 10_000), swarms -> messages(swarms, swarms / 10, 500, 0));
  }

  private static Scenario tasks() {
    return new TasksScenario(
        new TasksScenario.Plan(
            new Fleet.Size(100, 10),
            new TasksScenario.Load(Pace.of(500, WARM_UP.plus(LOAD)), WARM_UP, 1_000),
            new TasksScenario.Work(300, "", 16, Duration.ofMillis(5)),
            Duration.ZERO,
            SETTLE,
            new TasksScenario.Transports(List.of(), false, true)));
  }

  private static Scenario slow() {
    var mix = new Mix(100, 10);
    Duration warmUp = Duration.ofSeconds(10);
    return new SlowScenario(
        new SlowScenario.Plan(
            10,
            50,
            2_000,
            new Traffic(Pace.of(1_000, warmUp.plus(LOAD)), warmUp, mix, WINDOW, 10),
            new Traffic(Pace.of(1_000, Duration.ofSeconds(20)), Duration.ZERO, mix, WINDOW, 10),
            SETTLE,
            new SlowScenario.Promise(100L << 20, 2)));
  }

  private Scenario failover() {
    return new FailoverScenario(
        new FailoverScenario.Plan(
            5, 2, Duration.ofMillis(500), 2, new ServerPlan(3, LEASE, jar, flags, topology)));
  }

  private Scenario chaos(FaultFamily family, int tasks, int faults, long seed) {
    return new ChaosScenario(
        new ChaosScenario.Plan(
            new ChaosScenario.Faults(family, faults),
            tasks,
            seed,
            PATIENCE,
            new ChaosScenario.Crowd(100, 2, 8, 1_000),
            new ServerPlan(3, LEASE, jar, flags, topology)));
  }
}
