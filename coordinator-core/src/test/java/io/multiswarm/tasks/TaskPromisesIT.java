package io.multiswarm.tasks;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.upkeep.RetentionDuty;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What outlives the moment: strategies, cycles over leaders, and how long ended tasks are kept. */
@RedisTest
class TaskPromisesIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<Assignment> received = new CopyOnWriteArrayList<>();

  private Ownership worker(TaskNode node, String id) {
    Ownership owner = node.swarm(id);
    node.workers().received(owner).subscribe(received::add, over -> {});
    return owner;
  }

  private Assignment next(TaskNode node, NewTask task) {
    int before = received.size();
    node.submit(task);
    return awaitValue("assignment", LONG, () -> List.copyOf(received), all -> all.size() > before)
        .get(before);
  }

  @Test
  void strategy_switchedAtRunTime_holdsForTheWholeFleet(TestRedis redis) {
    try (TaskNode first = TaskNode.start("n1", redis);
        TaskNode second = TaskNode.start("n2", redis)) {
      Ownership owner = worker(first, "a");
      await("leadership", LONG, first::leads);
      done(first.workers().request(owner, 100, true));
      assertThat(next(second, NewTask.of("x")).strategy()).isEqualTo("least_loaded");

      second.queue().useStrategy("round_robin").block(LONG);
      awaitValue(
          "the other strategy",
          LONG,
          () -> next(second, NewTask.of("x")).strategy(),
          strategy -> strategy.equals("round_robin"));
      assertThat(next(second, NewTask.builder("x").strategy("capability").build()).strategy())
          .isEqualTo("capability");
      assertThatThrownBy(() -> second.queue().useStrategy("nonsense").block(LONG))
          .isInstanceOf(CoordinationException.class);
    }
  }

  /** Whoever has the last name in the alphabet is next. */
  @Test
  void strategy_ofTheUser_decides(TestRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      node.tasks
          .strategies()
          .register(
              TaskStrategy.ordered("last", Comparator.comparing(Candidate::swarmId).reversed()));
      for (String id : List.of("b", "c", "a")) {
        done(node.workers().request(worker(node, id), 2, true));
      }
      await("leadership", LONG, node::leads);
      NewTask task = NewTask.builder("x").strategy("last").build();
      List<String> chosen = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        chosen.add(next(node, task).swarmId());
      }
      assertThat(chosen).containsExactly("c", "c", "b", "b", "a", "a");
    }
  }

  @Test
  void cycle_underTheNextLeader_goesOnWhereItWas(TestRedis redis) {
    TaskNode first = TaskNode.start("n1", redis);
    try (TaskNode second = TaskNode.start("n2", redis)) {
      first.swarm("eldest");
      await("leadership", LONG, first::leads);
      for (String id : List.of("a", "b", "c")) {
        done(second.workers().request(worker(second, id), 100, true));
      }
      NewTask task = NewTask.builder("x").strategy("round_robin").build();
      assertThat(next(second, task).swarmId()).isEqualTo("a");
      assertThat(next(second, task).swarmId()).isEqualTo("b");

      first.kill();
      await("another leader", LONG, second::leads);

      List<String> then = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        then.add(next(second, task).swarmId());
      }
      assertThat(then).containsExactly("c", "a", "b", "c");
    }
  }

  @Test
  void endedTasks_beyondTheirTime_areForgottenAndOthersKept(TestRedis redis) {
    CoordinationOptions options =
        CoordinationOptions.defaults()
            .withTasks(
                new CoordinationOptions.Tasks(100, Duration.ofMillis(1), Duration.ofHours(1)));
    try (TaskNode node = TaskNode.start("n1", redis, options)) {
      // Somebody else's; it stays in nobody's way.
      redis.cli("RPUSH", node.context.keys().sys("task-ended"), "no batch");
      redis.cli("RPUSH", node.context.keys().sys("task-dead"), "");
      Ownership owner = worker(node, "a");
      await("leadership", LONG, node::leads);
      done(node.workers().request(owner, 100, true));
      Assignment completed = next(node, NewTask.builder("x").id("t1").dedupeKey("k").build());
      node.workers()
          .complete(owner, "t1", completed.attempt(), Json.of(Map.of("r", 1)))
          .block(LONG);
      node.submit(NewTask.builder("x").id("t2").delay(Duration.ofMinutes(5)).build());
      done(node.queue().cancel("t2", null));
      next(node, NewTask.builder("x").id("t3").maxAttempts(1).build());
      done(node.workers().fail(owner, "t3", 1, Failure.of(Json.of("e"))));
      next(node, NewTask.builder("x").id("t4").build());

      TaskKeys keys = new TaskKeys(node.context.keys());
      String token = redis.text("HGET", node.context.keys().upkeep(), "token");
      UpkeepTerm term = new UpkeepTerm(Long.parseLong(token));
      awaitValue(
          "retention",
          LONG,
          () -> {
            new RetentionDuty(node.context, keys).run(term).block(LONG);
            return redis.list("HKEYS", keys.tasks());
          },
          kept -> kept.size() == 2);

      assertThat(node.task("t3").status()).isEqualTo(TaskStatus.DEAD);
      assertThat(node.task("t4").status()).isEqualTo(TaskStatus.ASSIGNED);
      assertThat(redis.list("ZRANGE", keys.index(), "0", "-1")).containsExactly("t3", "t4");
      assertThat(redis.list("HKEYS", keys.dedupe())).isEmpty();
      assertThat(redis.list("HKEYS", keys.details())).allMatch(detail -> detail.startsWith("t3|"));
      // What is forgotten is unknown, so that its id and its key begin anew.
      assertThat(node.submit(NewTask.builder("y").id("t1").dedupeKey("k").build()).status())
          .isEqualTo(TaskStatus.PENDING);
    }
  }
}
