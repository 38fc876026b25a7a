package io.multiswarm.load.mutants;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership;
import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.judge.TaskLedger;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.NewTask;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Situations in which only the scripts keep the promises, played with embedded nodes, and judged by
 * the harness's ledgers. Made by reflection in a loader of its own, and so it talks to its test in
 * types of the JDK alone.
 */
public final class Trial implements BiFunction<String, Duration, List<String>> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TASKS = 10;
  private static final Liveness FAST =
      new Liveness(
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofMillis(900),
          Duration.ofMillis(1500));

  private final String redis;
  private final String brittle;
  private final Runnable breakBrittle;
  private final Function<List<String>, Object> cli;
  private final TaskLedger tasks = new TaskLedger();
  private final LeadershipLedger leaderships = new LeadershipLedger();
  private final List<MultiSwarmCoordination> nodes = new ArrayList<>();

  /**
   * @param redis its address
   * @param brittle another address of it, which {@code breakBrittle} makes useless
   * @param cli carries out a command
   */
  public Trial(
      String redis, String brittle, Runnable breakBrittle, Function<List<String>, Object> cli) {
    this.redis = redis;
    this.brittle = brittle;
    this.breakBrittle = breakBrittle;
    this.cli = cli;
  }

  /**
   * Plays a situation.
   *
   * @param patience with tasks that do not end
   * @return what the ledgers found wrong, in words
   */
  @Override
  public List<String> apply(String situation, Duration patience) {
    try {
      switch (situation) {
        case "death" -> death(patience);
        case "lateness" -> lateness();
        case "usurpation" -> usurpation();
        default -> throw new IllegalArgumentException(situation);
      }
    } finally {
      nodes.forEach(node -> node.shutdown().block(PATIENCE));
    }
    List<String> wrong = new ArrayList<>(tasks.examples());
    wrong.addAll(leaderships.examples());
    tasks.openTasks(TASKS).forEach(task -> wrong.add("task %d was lost".formatted(task)));
    return wrong;
  }

  /** A worker's node dies with all that it was given; another worker is ready for it. */
  private void death(Duration patience) {
    Worker dying = new Worker(node(brittle), "dying");
    Worker other = new Worker(node(redis), "other");
    submit(other, 0, Duration.ofSeconds(30));
    dying.request(TASKS);
    await("all assigned", PATIENCE, () -> dying.held.size() == TASKS);
    breakBrittle.run();

    other.completesAtOnce = true;
    other.request(2 * TASKS);
    await(patience, tasks::isQuiet);
  }

  /** A worker reports after its leases are over and others have done its tasks. */
  private void lateness() {
    MultiSwarmCoordination node = node(redis);
    Worker late = new Worker(node, "late");
    Worker other = new Worker(node, "other");
    late.forgetsLeases = true;
    submit(other, 0, Duration.ofMillis(300));
    late.request(TASKS);
    await("all assigned", PATIENCE, () -> late.held.size() == TASKS);
    other.request(10 * TASKS);
    await("all assigned again", PATIENCE, () -> other.held.size() >= TASKS);

    List<Assignment> early = List.copyOf(late.held);
    early.forEach(late::complete);
    other.completesAtOnce = true;
    List.copyOf(other.held).forEach(other::complete);
    await("all done", PATIENCE, tasks::isQuiet);
    early.forEach(late::complete);
  }

  /** Somebody else leads since a moment, which the leader does not know yet, and assigns. */
  private void usurpation() {
    RedisObserver observer =
        RedisObserver.open(URI.create(redis), leaderships, System::nanoTime).block(PATIENCE);
    try {
      MultiSwarmCoordination node = node(redis);
      Worker worker = new Worker(node, "worker");
      worker.completesAtOnce = true;
      worker.request(1_000);
      for (int round = 0; round < 3; round++) {
        submit(worker, round * TASKS, Duration.ofSeconds(30));
        await("all done", PATIENCE, tasks::isQuiet);
        await("leading", PATIENCE, () -> node.election().current() instanceof Leadership.Leader);
        usurp();
      }
      submit(worker, 3 * TASKS, Duration.ofSeconds(30));
      await("all done", PATIENCE, tasks::isQuiet);
    } finally {
      observer.close().block(PATIENCE);
    }
  }

  /** As a leadership begins: announced, then in force. */
  private void usurp() {
    long epoch = 1 + Long.parseLong(String.valueOf(cli("HGET", "swarm:sys:leadership", "epoch")));
    cli("MULTI");
    cli(
        "PUBLISH",
        "swarm:coordination",
        ("{\"payload\":{\"type\":\"leadership_announcement\",\"data\":"
                + "{\"swarmId\":\"usurper\",\"epoch\":%d,\"node\":\"n\"}}}")
            .formatted(epoch));
    cli("HSET", "swarm:sys:leadership", "epoch", Long.toString(epoch), "swarmId", "usurper");
    cli("SET", "swarm:leader", "usurper", "PX", "1000");
    cli("EXEC");
  }

  private Object cli(String... command) {
    return cli.apply(List.of(command));
  }

  private MultiSwarmCoordination node(String address) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(address, CoordinationOptions.defaults().withLiveness(FAST));
    nodes.add(node);
    node.initialize().block(PATIENCE);
    return node;
  }

  private void submit(Worker by, int first, Duration lease) {
    Flux.range(first, TASKS)
        .flatMap(
            number ->
                by.node
                    .tasks()
                    .submit(
                        null,
                        NewTask.builder("survive")
                            .id("t" + number)
                            .lease(lease)
                            .maxAttempts(1_000)
                            .build())
                    .retry()
                    .doOnNext(accepted -> tasks.accepted(number)))
        .blockLast(PATIENCE);
  }

  /** A swarm that keeps what it is given, or completes it. */
  private final class Worker {

    private final MultiSwarmCoordination node;
    private final Ownership owner;
    private final Queue<Assignment> held = new ConcurrentLinkedQueue<>();
    private volatile boolean completesAtOnce;
    private volatile boolean forgetsLeases;

    Worker(MultiSwarmCoordination node, String id) {
      this.node = node;
      this.owner =
          node.createSwarm(NewSwarm.of("survive").withId(id))
              .map(created -> created.coordinator().ownership())
              .block(PATIENCE);
      node.workers().received(owner).subscribe(this::given, over -> {});
    }

    private void given(Assignment given) {
      tasks.assigned(given.swarmId(), number(given), given.attempt());
      held.add(given);
      if (completesAtOnce) {
        completion(given).subscribe();
      }
    }

    private static long number(Assignment given) {
      return Long.parseLong(given.taskId().substring(1));
    }

    void request(int n) {
      tasks.requested(owner.swarmId(), n);
      node.workers().request(owner, n, !forgetsLeases).retry().block(PATIENCE);
    }

    void complete(Assignment given) {
      completion(given).block(PATIENCE);
    }

    /** Refused when it is not this worker's any more, as most are here. */
    private Mono<Void> completion(Assignment given) {
      return node.workers()
          .complete(owner, given.taskId(), given.attempt(), Json.NULL)
          .doOnSuccess(accepted -> tasks.completed(given.swarmId(), number(given), given.attempt()))
          .onErrorComplete();
    }
  }

  private static void await(String what, Duration atMost, BooleanSupplier condition) {
    if (!await(atMost, condition)) {
      throw new AssertionError("Waited " + atMost + " for " + what);
    }
  }

  /** Whether the condition held in time. */
  private static boolean await(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
    return true;
  }
}
