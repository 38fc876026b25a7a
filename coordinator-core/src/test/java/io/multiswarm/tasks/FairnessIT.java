package io.multiswarm.tasks;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.internal.tasks.distribution.LaneBoard;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who is given how much, and when, by a whole node. */
@RedisTest
class FairnessIT {

  private static final Duration LONG = Duration.ofSeconds(100);
  private static final int MANY = 10_000;
  private static final int UNFINISHED = 100;

  /** The worker's swarm of each task, in the order of assignment. */
  private final Queue<Assignment> assigned = new ConcurrentLinkedQueue<>();

  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  /** A swarm that is ready for everything, and completes it at once. */
  private Ownership worker(TaskNode node, String id, String priority, String... able) {
    Ownership owner = node.swarmOf(id, priority, able);
    node.workers()
        .received(owner)
        .flatMap(given -> complete(node, owner, given), 256)
        .subscribe(none -> {}, over -> {});
    return owner;
  }

  private Mono<Void> complete(TaskNode node, Ownership owner, Assignment given) {
    assigned.add(given);
    counts.computeIfAbsent(given.swarmId(), any -> new AtomicInteger()).incrementAndGet();
    return node.workers().complete(owner, given.taskId(), given.attempt(), Json.NULL).retry();
  }

  private static void request(TaskNode node, Ownership owner, int n) {
    node.workers().request(owner, n, true).retry().block(LONG);
  }

  private static long completed(TaskNode node) {
    return done(node.queue().statistics()).tasksCompleted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"least_loaded", "round_robin"})
  void tasks_amongEqualWorkers_areSharedAlmostEvenly(String strategy, TestRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      for (int i = 0; i < 20; i++) {
        request(node, worker(node, "w" + i, "normal"), TaskWorkers.MAX_CREDIT);
      }
      Flux.range(0, MANY)
          .flatMap(
              i ->
                  node.queue()
                      .submit(null, NewTask.builder("x").id("t" + i).strategy(strategy).build())
                      .retry()
                      .then(node.queue().await("t" + i, null)),
              UNFINISHED)
          .blockLast(LONG);

      assertThat(counts).hasSize(20);
      int most = counts.values().stream().mapToInt(AtomicInteger::get).max().orElseThrow();
      int fewest = counts.values().stream().mapToInt(AtomicInteger::get).min().orElseThrow();
      assertThat(most).as("at most 1.2 × %d", fewest).isLessThanOrEqualTo(fewest * 12 / 10);
    }
  }

  @Test
  void tasks_withRequirements_neverGoToTheUnable(TestRedis redis) {
    List<String> words = List.of("a", "b", "c", "d");
    List<String> strategies = List.of("least_loaded", "round_robin", "priority", "capability");
    Random random = new Random(7);
    Map<String, Set<String>> able = new HashMap<>();
    Map<String, List<String>> needed = new HashMap<>();
    try (TaskNode node = TaskNode.start("n1", redis)) {
      for (int i = 0; i < 15; i++) {
        // The first is able to do everything, so that nothing has to wait.
        Set<String> has = i == 0 ? Set.copyOf(words) : some(words, random);
        able.put("w" + i, has);
        Ownership owner = worker(node, "w" + i, "normal", has.toArray(String[]::new));
        request(node, owner, 1_000);
      }
      List<NewTask> tasks = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        List<String> needs = some(words, random).stream().limit(2).toList();
        needed.put("t" + i, needs);
        tasks.add(
            NewTask.builder("x")
                .id("t" + i)
                .capabilities(needs)
                .strategy(strategies.get(random.nextInt(strategies.size())))
                .build());
      }
      tasks.add(NewTask.builder("x").id("never").capabilities(List.of("a", "magic")).build());
      Flux.fromIterable(tasks)
          .flatMap(task -> node.queue().submit(null, task).retry(), 64)
          .blockLast(LONG);
      await("all that somebody is able to do", LONG, () -> completed(node) == 1_000);

      assertThat(assigned)
          .hasSize(1_000)
          .allMatch(given -> able.get(given.swarmId()).containsAll(needed.get(given.taskId())));
      assertThat(node.task("never").status()).isEqualTo(TaskStatus.PENDING);
      await("it is told", LONG, () -> done(node.queue().statistics()).unroutable() == 1);
    }
  }

  private static Set<String> some(List<String> words, Random random) {
    Set<String> some = new HashSet<>(words);
    some.removeIf(word -> random.nextBoolean());
    return some;
  }

  /** As long as there is always something more urgent, and one task at a time can be done. */
  @Test
  void low_besideEndlessHigh_isServedWhileHighWaits(TestRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      Ownership owner = worker(node, "w", "normal");
      List<String> lows = IntStream.range(0, 3).mapToObj(i -> "low" + i).toList();
      lows.forEach(id -> submit(node, id, Priority.LOW));
      int high = 0;
      for (; high < 60; high++) {
        submit(node, "high" + high, Priority.HIGH);
      }
      await("leadership", LONG, node::leads);
      long deadline = System.nanoTime() + LONG.toNanos();
      while (!lows.stream().allMatch(id -> isAssigned(id))) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        submit(node, "high" + high++, Priority.HIGH);
        request(node, owner, 1);
        int expected = high - 60;
        await("the next", LONG, () -> assigned.size() >= expected);
      }
      // At each moment there were dozens of high ones: low never had its turn for want of them.
      long served = assigned.stream().filter(given -> given.taskId().startsWith("high")).count();
      assertThat(high - served).isGreaterThan(50);
      assertThat(served).as("high before low").isGreaterThanOrEqualTo(3L * LaneBoard.PATIENCE);
    }
  }

  private boolean isAssigned(String task) {
    return assigned.stream().anyMatch(given -> given.taskId().equals(task));
  }

  private static void submit(TaskNode node, String id, Priority priority) {
    node.queue()
        .submit(null, NewTask.builder("x").id(id).priority(priority).build())
        .retry()
        .block(LONG);
  }

  @Test
  void priority_whilePeersHaveCredit_goesToThem(TestRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      for (Priority priority : Priority.values()) {
        for (int i = 0; i < 2; i++) {
          String id = priority.word() + i;
          request(node, worker(node, id, priority.word()), TaskWorkers.MAX_CREDIT);
        }
      }
      Flux.range(0, 900)
          .flatMap(
              i ->
                  node.queue()
                      .submit(
                          null,
                          NewTask.builder("x")
                              .id("t" + i)
                              .priority(Priority.values()[i % 3])
                              .strategy("priority")
                              .build())
                      .retry()
                      .then(node.queue().await("t" + i, null)),
              UNFINISHED)
          .blockLast(LONG);

      assertThat(assigned)
          .hasSize(900)
          .allMatch(given -> given.swarmId().startsWith(given.submitted().priority().word()));
    }
  }
}
