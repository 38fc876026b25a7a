package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** What is large is bounded by its bytes: how much travels together, waits, is kept. */
@RedisTest
class LargeTasksIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BYTES = 450_000;
  private static final int MIB = 1 << 20;

  private TestRedis redis;
  private TaskNode node;
  private TaskKeys keys;
  private Ownership worker;

  @BeforeEach
  void begin(TestRedis server) {
    redis = server;
    CoordinationOptions.Tasks tasks =
        new CoordinationOptions.Tasks(1_000, Duration.ofHours(1), Duration.ofHours(1));
    node =
        TaskNode.start(
            "n1",
            redis,
            CoordinationOptions.defaults().withTasks(tasks.withBytes(8 * MIB, 4 * MIB)));
    keys = new TaskKeys(node.context.keys());
    worker = node.swarm("w1");
    await("leadership", SOON, node::leads);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void submit(int count) {
    for (int i = 0; i < count; i++) {
      node.submit(task("t" + i, BYTES));
    }
  }

  private static NewTask task(String id, int bytes) {
    return NewTask.builder("x".repeat(bytes)).id(id).lease(Duration.ofHours(1)).build();
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "t" + i).toList();
  }

  /** Takes one whenever the test asks for it. */
  private static final class Taker extends BaseSubscriber<Assignment> {
    final List<Assignment> taken = new CopyOnWriteArrayList<>();

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

    @Override
    protected void hookOnNext(Assignment assignment) {
      taken.add(assignment);
    }

    /** The swarm is let go at the end of the test. */
    @Override
    protected void hookOnError(Throwable over) {}
  }

  @Test
  void assignments_nobodyAsksFor_waitAndComeWholeAndInOrder() {
    submit(6);
    Taker taker = new Taker();
    node.workers().received(worker).subscribe(taker);
    done(node.workers().request(worker, 6, false));
    await("assignments", SOON, () -> redis.number("ZCARD", keys.assigned()) == 6);

    assertThat(taker.taken).isEmpty();
    for (int i = 1; i <= 6; i++) {
      int asked = i;
      taker.request(1);
      await("assignment " + i, SOON, () -> taker.taken.size() == asked);
    }

    assertThat(taker.taken).extracting(Assignment::taskId).containsExactlyElementsOf(ids(0, 6));
    assertThat(taker.taken)
        .allMatch(one -> one.submitted().description().length() == BYTES && one.attempt() == 1);
  }

  @Test
  void heldTasks_moreThanAnAnswerTakes_followToWhoReceives() {
    submit(3);
    node.submit(task("small", 100));
    done(node.workers().request(worker, 4, false));
    await("assignments", SOON, () -> redis.number("ZCARD", keys.assigned()) == 4);

    List<Assignment> held = done(node.workers().held(worker));
    Taker taker = new Taker();
    node.workers().received(worker).subscribe(taker);
    taker.request(10);

    assertThat(held).extracting(Assignment::taskId).containsExactly("small");
    await("the others", SOON, () -> taker.taken.size() == 3);
    assertThat(taker.taken).extracting(Assignment::taskId).containsExactlyElementsOf(ids(0, 3));
  }

  @Test
  void revokedTask_thatNobodyAskedFor_doesNotCome() {
    submit(3);
    Taker taker = new Taker();
    node.workers().received(worker).subscribe(taker);
    done(node.workers().request(worker, 3, false));
    await("assignments", SOON, () -> redis.number("ZCARD", keys.assigned()) == 3);
    List<Revocation> revoked = new CopyOnWriteArrayList<>();
    node.workers().revocations(worker).subscribe(revoked::add, error -> {});

    done(node.queue().cancel("t1", "not needed"));
    await("revocation", SOON, () -> revoked.size() == 1);
    taker.request(5);

    await("the others", SOON, () -> taker.taken.size() == 2);
    assertThat(taker.taken).extracting(Assignment::taskId).containsExactly("t0", "t2");
  }

  @Test
  void list_ofLargeTasks_isPagedByBytes() {
    submit(5);
    List<String> listed = new ArrayList<>();
    List<Integer> pages = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      TaskPage page = done(node.queue().list(TaskQuery.ALL.withCursor(cursor)));
      page.tasks().forEach(one -> listed.add(one.id()));
      pages.add(page.tasks().size());
      cursor = page.nextCursor();
    } while (cursor != null);

    assertThat(pages).allMatch(size -> size <= 1).hasSizeBetween(5, 6);
    assertThat(listed).containsExactly("t4", "t3", "t2", "t1", "t0");
  }

  @Test
  void submissions_beyondTheBytesOfTheQueue_areRefusedByName() {
    submit(18);

    assertThatThrownBy(() -> node.submit(task("t18", BYTES)))
        .matches(error -> CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED))
        .hasMessageContaining("bytes");
    assertThat(node.submit(task("t3", BYTES)).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(node.submit(task("small", 1)).status()).isEqualTo(TaskStatus.PENDING);
    done(node.queue().cancel("t0", null));
    assertThat(node.submit(task("t18", BYTES)).status()).isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void endedTasks_beyondTheirBytes_goTheOldestFirst() {
    for (int i = 0; i < 15; i++) {
      node.submit(task("t" + i, BYTES));
      done(node.queue().cancel("t" + i, null));
    }

    await("room", SOON, () -> done(node.queue().statistics()).endedBytes() <= 4 * MIB);
    assertThat(node.task("t14").status()).isEqualTo(TaskStatus.CANCELLED);
    refused(ErrorCode.NOT_FOUND, () -> node.task("t0"));
    assertThat(redis.number("HLEN", keys.specs())).isBetween(5L, 9L);
    assertThat(redis.number("HLEN", keys.specs())).isEqualTo(redis.number("HLEN", keys.tasks()));
    assertThat(redis.number("ZCARD", keys.index())).isEqualTo(redis.number("HLEN", keys.tasks()));
  }

  /** What is added for a task is what is subtracted, whatever happens to it. */
  @Test
  void weights_afterAnyHistory_followFromTheRecords() {
    Random random = new Random(11);
    List<Assignment> held = new CopyOnWriteArrayList<>();
    node.workers().received(worker).subscribe(held::add, error -> {});
    for (int i = 0; i < 120; i++) {
      String id = "r" + i;
      node.submit(
          NewTask.builder("y".repeat(random.nextInt(3_000)))
              .id(id)
              .dedupeKey("key " + i)
              .maxAttempts(1 + random.nextInt(2))
              .build());
      if (random.nextInt(4) == 0) {
        done(node.queue().cancel(id, "reason"));
        continue;
      }
      done(node.workers().request(worker, 1, false));
      await("assignment " + i, SOON, () -> !held.isEmpty());
      Assignment given = held.remove(0);
      act(random.nextInt(7), given, "z".repeat(random.nextInt(2_000)));
    }
    assertWeights();
    for (int i = 0; i < 120; i += 3) {
      node.queue().adopt("r" + i, 1).onErrorResume(refusal -> Mono.empty()).block(SOON);
    }
    assertWeights();
    for (int i = 0; i < 120; i += 2) {
      done(node.queue().retry("r" + i).onErrorResume(dead -> Mono.just(TaskStatus.DEAD)));
    }
    assertWeights();
    assertThat(done(node.queue().retryAll(only(TaskStatus.DEAD), 1_000)).changed()).isPositive();
    assertWeights();
    assertThat(done(node.queue().cancelAll(only(TaskStatus.PENDING), 1_000)).changed())
        .isPositive();
    assertWeights();
    assertThat(done(node.queue().statistics()).queueBytes()).isZero();
  }

  private static TaskFilter only(TaskStatus status) {
    return TaskFilter.ANY.withStatus(status);
  }

  private void act(int what, Assignment given, String text) {
    String id = given.taskId();
    Json json = Json.of(text);
    if (what % 2 == 0) {
      done(node.workers().extend(worker, id, given.attempt(), json));
    }
    Mono<?> end =
        switch (what) {
          case 0, 1 -> node.workers().complete(worker, id, given.attempt(), json);
          case 2, 3 ->
              node.workers().fail(worker, id, given.attempt(), new Failure(json, false, null));
          case 6 -> node.workers().release(worker, id, given.attempt());
          case 4 -> node.workers().complete(worker, id, given.attempt(), null);
          default -> node.queue().cancel(id, text);
        };
    end.block(SOON);
    if (what == 2 || what > 4) {
      // Too late, and kept with the task, whatever became of it.
      node.workers()
          .complete(worker, id, given.attempt(), json)
          .onErrorResume(fenced -> Mono.empty())
          .block(SOON);
    }
  }

  /** What became of a large task's attempts is read along with it. */
  @Test
  void attempts_ofALargeTask_areHandedOver() {
    List<Assignment> held = new CopyOnWriteArrayList<>();
    node.workers().received(worker).subscribe(held::add, error -> {});
    node.submit(NewTask.builder("y".repeat(100_000)).id("large").build());
    Json progress = Json.of("z".repeat(10_000));
    for (int attempt = 1; attempt <= 3; attempt++) {
      done(node.workers().request(worker, 1, false));
      await("assignment", SOON, () -> !held.isEmpty());
      Assignment given = held.remove(0);
      assertThat(given.previous()).hasSize(attempt - 1);
      given.previous().forEach(one -> assertThat(one.progress()).isEqualTo(progress));
      done(node.workers().extend(worker, "large", attempt, progress));
      node.workers().release(worker, "large", attempt).block(SOON);
    }
  }

  private void assertWeights() {
    long queued = 0;
    long ended = 0;
    List<String> all = redis.list("HGETALL", keys.tasks());
    for (int i = 0; i < all.size(); i += 2) {
      String id = all.get(i);
      String text = all.get(i + 1);
      TaskRecord record = TaskRecord.parse("a task", text);
      long bytes =
          redis.number("HSTRLEN", keys.specs(), id) + 2L * ("key " + id.substring(1)).length();
      for (String letter : List.of("r", "e", "p", "h", "l")) {
        bytes += redis.number("HSTRLEN", keys.details(), id + "|" + letter);
      }
      assertThat(record.bytes()).as(text).isEqualTo((int) bytes);
      if (record.status().isEnded()) {
        ended += 512 + text.getBytes(StandardCharsets.UTF_8).length + bytes;
      } else {
        queued += 1024 + bytes;
      }
    }
    TaskStatistics told = done(node.queue().statistics());
    assertThat(told.queueBytes()).isEqualTo(queued);
    assertThat(told.endedBytes()).isEqualTo(ended);
  }

  /** More credit than may be unused at a time is honoured as it is used up. */
  @Test
  void credit_beyondWhatMayBeUnused_isKept() {
    assertThat(done(node.workers().request(worker, 10_000, false))).isEqualTo(10_000);
    assertThat(done(node.workers().request(worker, 500, false))).isEqualTo(10_000);

    assertThat(redis.text("HGET", node.context.keys().credit(), "w1")).endsWith(":10500:0");
  }
}
