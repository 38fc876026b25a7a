package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.tasks.TaskQueue.BulkChange;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks by filters: listed, cancelled and revived. */
@RedisTest
class TaskSearchIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TaskFilter ANY = TaskFilter.ANY;

  private TestRedis redis;
  private TaskNode node;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void submit(String from, NewTask.Builder task) {
    done(node.queue().submit(from, task.build()));
  }

  /** Six tasks that differ in what can be asked for; the first is assigned. */
  private void various() {
    Ownership worker = node.swarm("w1", "only");
    submit("s.1", task("given").capabilities(List.of("only")));
    done(node.workers().request(worker, 1, false));
    await("assignment", SOON, () -> node.task("given").status() == TaskStatus.ASSIGNED);
    submit(null, task("plain"));
    submit("s.1", task("from").type("build"));
    submit(null, task("high").priority(Priority.HIGH).type("build it, \"all\" of it"));
    submit(null, task("able").capabilities(List.of("rust", "c++ 20")).type(""));
    submit(null, task("round").strategy("round_robin").type("x".repeat(300)));
  }

  private static NewTask.Builder task(String id) {
    return NewTask.builder("x").id(id).lease(Duration.ofHours(1));
  }

  private List<String> found(TaskFilter filter) {
    return done(node.queue().list(TaskQuery.of(filter))).tasks().stream().map(Task::id).toList();
  }

  static Stream<Arguments> filters() {
    return Stream.of(
        Arguments.of(ANY, "round able high from plain given"),
        Arguments.of(ANY.withStatus(TaskStatus.ASSIGNED), "given"),
        Arguments.of(ANY.withStatus(TaskStatus.DEAD), ""),
        Arguments.of(ANY.withSwarmId("w1"), "given"),
        Arguments.of(ANY.withSwarmId("nobody"), ""),
        Arguments.of(ANY.withFrom("s.1"), "from given"),
        Arguments.of(ANY.withType("build"), "from"),
        Arguments.of(ANY.withType("build it, \"all\" of it"), "high"),
        Arguments.of(ANY.withType(""), "able"),
        Arguments.of(ANY.withType("x".repeat(300)), "round"),
        Arguments.of(ANY.withType("x".repeat(299)), ""),
        Arguments.of(ANY.withCapability("c++ 20"), "able"),
        Arguments.of(ANY.withCapability("c"), ""),
        Arguments.of(ANY.withPriority(Priority.HIGH), "high"),
        Arguments.of(ANY.withPriority(Priority.NORMAL), "round able from plain given"),
        Arguments.of(ANY.withStrategy("least_loaded"), "able high from plain given"),
        Arguments.of(ANY.withStrategy("round_robin"), "round"),
        Arguments.of(ANY.withFrom("s.1").withStatus(TaskStatus.PENDING), "from"),
        Arguments.of(ANY.withMinAge(Duration.ZERO), "round able high from plain given"),
        Arguments.of(ANY.withMinAge(Duration.ofHours(1)), ""));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void list_byFilter_hasExactlyThoseThatFit(TaskFilter filter, String expected) {
    various();
    assertThat(String.join(" ", found(filter))).isEqualTo(expected);
  }

  @Test
  void list_byStrategyOfTheFleet_followsItsSwitch() {
    submit(null, task("t1"));
    done(node.queue().useStrategy("priority").thenReturn(true));
    assertThat(found(ANY.withStrategy("priority"))).containsExactly("t1");
    assertThat(found(ANY.withStrategy("least_loaded"))).isEmpty();
    refused(ErrorCode.INVALID_ARGUMENT, () -> found(ANY.withStrategy("nonsense")));
  }

  @Test
  void list_ofRareTasksByPages_givesEachOnce() {
    submitMany(600);
    List<String> seen = new ArrayList<>();
    TaskQuery query = TaskQuery.of(ANY.withType("rare")).withLimit(7);
    TaskPage page = done(node.queue().list(query));
    seen.addAll(page.tasks().stream().map(Task::id).toList());
    while (page.nextCursor() != null) {
      page = done(node.queue().list(query.withCursor(page.nextCursor())));
      seen.addAll(page.tasks().stream().map(Task::id).toList());
    }
    assertThat(seen)
        .containsExactlyElementsOf(
            IntStream.iterate(570, i -> i - 30).limit(20).mapToObj(i -> "t" + i).toList());
  }

  /** More than are read in the first calls, and an end within one. */
  @Test
  void list_throughManyTasks_findsAllOfThem() {
    submitMany(4_000);
    TaskPage page = done(node.queue().list(TaskQuery.of(ANY.withType("rare")).withLimit(500)));
    assertThat(page.tasks().stream().map(Task::id))
        .containsExactlyElementsOf(
            IntStream.iterate(3_990, i -> i - 30).limit(134).mapToObj(i -> "t" + i).toList());
    assertThat(page.nextCursor()).isNull();
  }

  /** Every thirtieth is rare. */
  private void submitMany(int count) {
    List<NewTask> tasks =
        IntStream.range(0, count)
            .mapToObj(i -> task("t" + i).type(i % 30 == 0 ? "rare" : "common").build())
            .toList();
    for (int from = 0; from < count; from += 1_000) {
      done(node.queue().submitAll(null, tasks.subList(from, Math.min(count, from + 1_000))));
    }
  }

  @Test
  void submissions_ofOneMoment_haveTimesOfTheirOwn() {
    submitMany(600);
    String index = node.context.keys().sys("task-index");
    List<String> scores = redis.list("ZRANGE", index, "0", "-1", "WITHSCORES");
    assertThat(IntStream.range(0, 600).mapToObj(i -> scores.get(2 * i + 1)))
        .doesNotHaveDuplicates();
  }

  @Test
  void cancelAll_ofFilter_countsAllAndChangesThoseAlone() {
    various();
    TaskFilter filter = ANY.withPriority(Priority.NORMAL);
    assertThat(done(node.queue().cancelAll(filter, 0))).isEqualTo(new BulkChange(5, 0));
    assertThat(done(node.queue().cancelAll(filter, 2))).isEqualTo(new BulkChange(5, 2));
    assertThat(found(ANY.withStatus(TaskStatus.CANCELLED))).containsExactly("round", "able");
    assertThat(done(node.queue().cancelAll(filter, 100))).isEqualTo(new BulkChange(3, 3));
    assertThat(done(node.registry().get("w1")).activeTasks()).isZero();
    assertThat(done(node.queue().cancelAll(filter, 100))).isEqualTo(new BulkChange(0, 0));
    assertThat(found(ANY.withStatus(TaskStatus.PENDING))).containsExactly("high");
    assertThat(done(node.queue().statistics()).queueDepth()).isEqualTo(1);
  }

  @Test
  void cancelAll_ofManyTasks_endsThemByHundreds() {
    submitMany(600);
    TaskFilter filter = ANY.withType("common");
    assertThat(done(node.queue().cancelAll(filter, 10_000))).isEqualTo(new BulkChange(580, 580));
    assertThat(done(node.queue().statistics()).queueDepth()).isEqualTo(20);
  }

  @Test
  void retryAll_ofDeadTasks_revivesThoseThatFit() {
    Ownership worker = node.swarm("w1");
    List<Assignment> given = new ArrayList<>();
    node.workers().received(worker).subscribe(given::add, over -> {});
    for (String id : List.of("a", "b", "c")) {
      submit(null, task(id).type(id.equals("c") ? "other" : "same"));
    }
    done(node.workers().request(worker, 3, false));
    await("assignments", SOON, () -> given.size() == 3);
    Failure lasting = new Failure(Json.of("no"), false, null);
    for (String id : List.of("a", "b", "c")) {
      done(node.workers().fail(worker, id, 1, lasting));
    }
    TaskFilter filter = ANY.withType("same");
    assertThat(done(node.queue().retryAll(filter, 0))).isEqualTo(new BulkChange(2, 0));
    assertThat(done(node.queue().retryAll(filter, 100))).isEqualTo(new BulkChange(2, 2));
    assertThat(found(ANY.withStatus(TaskStatus.DEAD))).containsExactly("c");
    assertThat(node.task("a").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(node.task("a").failures()).isZero();
  }

  @Test
  void changes_withoutFilterOrOverTheLimit_areRefused() {
    refused(ErrorCode.INVALID_ARGUMENT, () -> done(node.queue().cancelAll(ANY, 1)));
    refused(ErrorCode.INVALID_ARGUMENT, () -> done(node.queue().retryAll(ANY, 1)));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> done(node.queue().cancelAll(ANY.withType("x"), TaskQueue.MOST_CHANGES + 1)));
  }
}
