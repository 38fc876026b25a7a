package io.multiswarm.tasks;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The promise, over nodes that are killed and swarms that misbehave: every task ends once. */
@RedisTest
class TaskFleetIT {

  private static final int TASKS = 3_000;
  private static final int CREDIT = 5;
  private static final Duration LONG = Duration.ofSeconds(90);

  private final TaskHistory history = new TaskHistory();
  private final Random random = new Random(42);
  private final Scheduler clock = Schedulers.newSingle("worker-clock", true);

  /** A swarm that completes most of its tasks, and fails, releases or forgets the others. */
  private void work(TaskNode node, Ownership owner) {
    node.workers()
        .received(owner)
        .flatMap(given -> perform(node, owner, given), 256)
        .onErrorComplete()
        .subscribe();
    grant(node, owner, CREDIT).subscribe();
  }

  private Mono<Integer> grant(TaskNode node, Ownership owner, int credit) {
    return Mono.defer(
            () -> {
              history.granted(owner.swarmId(), credit);
              return node.workers().request(owner, credit, false);
            })
        .onErrorComplete();
  }

  private Mono<?> perform(TaskNode node, Ownership owner, Assignment given) {
    history.assigned(given);
    int fate = random.nextInt(100);
    return Mono.delay(Duration.ofMillis(random.nextInt(10)), clock)
        .then(report(node, owner, given, fate))
        .onErrorComplete()
        .then(grant(node, owner, 1));
  }

  private Mono<Void> report(TaskNode node, Ownership owner, Assignment given, int fate) {
    TaskWorkers workers = node.workers();
    String task = given.taskId();
    if (fate < 4) {
      return Mono.empty(); // forgotten: its lease will run out
    }
    if (fate < 8) {
      return workers.release(owner, task, given.attempt());
    }
    if (fate < 12) {
      Failure failure = new Failure(Json.of("bad luck"), true, Duration.ZERO);
      return workers.fail(owner, task, given.attempt(), failure).then();
    }
    return workers
        .complete(owner, task, given.attempt(), Json.of(fate))
        .doOnSuccess(accepted -> history.completed(given))
        .then(
            fate < 20
                ? workers.complete(owner, task, given.attempt(), Json.of("again"))
                : Mono.empty());
  }

  private List<Ownership> swarms(TaskNode node, String prefix, int count) {
    List<Ownership> owners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Ownership owner = node.swarm(prefix + i);
      owners.add(owner);
      work(node, owner);
    }
    return owners;
  }

  private void submit(TaskNode node, int from, int to) {
    Flux.range(from, to - from)
        .flatMap(
            i ->
                node.queue()
                    .submit(
                        null,
                        NewTask.builder("work")
                            .id("t" + i)
                            .lease(Duration.ofMillis(800))
                            .maxAttempts(1_000)
                            .strategy(i % 2 == 0 ? "round_robin" : null)
                            .build())
                    .doOnNext(accepted -> history.accepted(accepted.taskId())),
            64)
        .blockLast(LONG);
  }

  private static long completed(TaskNode node) {
    return done(node.queue().statistics()).tasksCompleted();
  }

  @Test
  void tasks_whileNodesAndSwarmsDie_endExactlyOnce(TestRedis redis) {
    TaskNode first = TaskNode.start("n1", redis);
    TaskNode second = TaskNode.start("n2", redis);
    swarms(first, "a", 5);
    List<Ownership> leaving = swarms(second, "b", 5);
    await("leadership", LONG, () -> first.leads() || second.leads());
    submit(second, 0, TASKS / 2);
    await("progress", LONG, () -> completed(second) > TASKS / 10);

    second.leave(leaving.get(0), Departure.GOODBYE);
    second.leave(leaving.get(1), Departure.LOST);
    second.registry().deregister(leaving.get(2), "completed").block(LONG);
    submit(second, TASKS / 2, TASKS);
    first.kill(); // the leader, as the older swarms are its

    swarms(second, "c", 3);
    awaitValue("all completed", LONG, () -> completed(second), count -> count >= TASKS);

    List<String> unfinished = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      if (second.task("t" + i).status() != TaskStatus.COMPLETED) {
        unfinished.add("t" + i);
      }
    }
    assertThat(unfinished).isEmpty();
    assertThat(completed(second)).isEqualTo(TASKS);
    // A completion whose answer died with the first node is accepted without our knowing.
    assertThat(history.violations()).allMatch(violation -> violation.endsWith(" was lost"));
    TaskStatistics statistics = done(second.queue().statistics());
    assertThat(statistics.assigned()).isZero();
    assertThat(statistics.queueDepth()).isZero();
    assertThat(statistics.lanes()).isZero();
    assertThat(redis.list("HVALS", second.context.keys().load())).isEmpty();
    second.close();
    clock.dispose();
  }

  /** By a leader whose clock stands still: it waits for nothing but Redis. */
  @Test
  void credit_givenToWaitingTasks_isUsedAtOnce(TestRedis redis) {
    try (VirtualTime still = new VirtualTime();
        TaskNode node = TaskNode.start("n1", redis, still.scheduler())) {
      Ownership owner = node.swarm("w");
      await("leadership", LONG, node::leads);
      for (int i = 0; i < 20; i++) {
        node.submit(NewTask.builder("x").id("t" + i).build());
      }
      List<Assignment> received = new CopyOnWriteArrayList<>();
      node.workers().received(owner).subscribe(received::add, over -> {});
      for (int i = 1; i <= 20; i++) {
        int given = i;
        done(node.workers().request(owner, 1, false));
        await("assignment " + i, LONG, () -> received.size() == given);
      }
    }
  }
}
