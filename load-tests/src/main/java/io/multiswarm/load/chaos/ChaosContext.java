package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** What everybody in a run has in common. */
final class ChaosContext {

  static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

  /** The system says that it cannot, and later it can. */
  private static final Set<String> PASSING =
      Set.of("UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED");

  private final ChaosScenario.Plan plan;
  private final ScenarioContext scenario;
  private final ServerSlots slots;
  private final Random random;
  private final StampedData data = new StampedData(StampedData.SMALLEST);
  private final TaskNames names = new TaskNames();
  private final ChaosObservation seen;

  ChaosContext(ChaosScenario.Plan plan, ScenarioContext scenario, ServerSlots slots) {
    this.plan = plan;
    this.scenario = scenario;
    this.slots = slots;
    this.random = new Random(plan.seed());
    this.seen = new ChaosObservation(plan.faults().family().endedMayGo());
  }

  ChaosScenario.Plan plan() {
    return plan;
  }

  ScenarioContext scenario() {
    return scenario;
  }

  Scheduler clock() {
    return scenario.clock();
  }

  /** In nanoseconds of the clock. */
  long now() {
    return clock().now(TimeUnit.NANOSECONDS);
  }

  ServerSlots slots() {
    return slots;
  }

  StampedData data() {
    return data;
  }

  TaskNames names() {
    return names;
  }

  ChaosObservation seen() {
    return seen;
  }

  Random random() {
    return random;
  }

  /** A time below {@code limit}. */
  Duration anyTime(Duration limit) {
    return Duration.ofMillis((long) (random.nextDouble() * limit.toMillis()));
  }

  /** For as long as the answer is that the system cannot at the moment; counts those answers. */
  Retry whilePassing() {
    return Retry.fixedDelay(Long.MAX_VALUE, BETWEEN_ATTEMPTS)
        .scheduler(clock())
        .filter(error -> error instanceof Fault fault && isPassing(fault))
        .doBeforeRetry(signal -> seen.postponed());
  }

  static boolean isPassing(Fault fault) {
    return PASSING.contains(fault.name());
  }
}
