package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.internal.tasks.queue.TaskArrowsIT;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmUpdate;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.tasks.TaskQueue.SubmitResult;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import io.multiswarm.testing.LogLines;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

@RedisTest
class TaskLifeIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private TestRedis redis;
  private TaskNode node;
  private Ownership worker;
  private final List<Assignment> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis);
    worker = node.swarm("w1");
    await("leadership", SOON, node::leads);
    node.workers().received(worker).subscribe(received::add, error -> {});
  }

  @AfterEach
  void end() {
    node.close();
  }

  private Assignment take(NewTask task) {
    Submission accepted = node.submit(task);
    done(node.workers().request(worker, 1, false));
    return assigned(accepted.taskId(), 1);
  }

  private Assignment assigned(String taskId, long attempt) {
    return awaitValue(
            "assignment",
            SOON,
            () ->
                received.stream()
                    .filter(one -> one.taskId().equals(taskId) && one.attempt() == attempt)
                    .toList(),
            list -> !list.isEmpty())
        .get(0);
  }

  /**
   * One script assigns them, and tells of them in several messages: one is longer than a message.
   */
  @Test
  void tasks_assignedTogether_arriveOnceEachWhateverTheirSize() {
    List<NewTask> submitted =
        IntStream.range(0, 40)
            .mapToObj(i -> NewTask.builder("x".repeat(i == 7 ? 20_000 : 1_000)).id("t" + i).build())
            .toList();
    submitted.forEach(node::submit);

    done(node.workers().request(worker, submitted.size(), false));

    await("assignments", SOON, () -> received.size() >= submitted.size());
    assertThat(received)
        .extracting(one -> one.taskId() + one.submitted().description())
        .containsExactlyInAnyOrderElementsOf(
            submitted.stream().map(task -> task.id() + task.description()).toList());
  }

  @Test
  void task_completed_tellsItsResult() {
    NewTask submitted =
        NewTask.builder("work \"hard\"")
            .id("t1")
            .type("build")
            .priority(Priority.HIGH)
            .data(Json.parse("{\"a\":[],\n \"b\":{}}"))
            .build();
    Assignment assignment = take(submitted);
    assertThat(assignment.attempt()).isEqualTo(1);
    assertThat(assignment.assignedBy()).isEqualTo("w1");
    assertThat(assignment.strategy()).isEqualTo("least_loaded");
    assertThat(assignment.submitted().description()).isEqualTo("work \"hard\"");
    assertThat(done(node.registry().get("w1")).activeTasks()).isEqualTo(1);

    done(node.workers().complete(worker, "t1", 1, Json.parse("{\"x\":[]}")).thenReturn(true));

    Task task = done(node.queue().await("t1", SOON));
    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.result()).isEqualTo(Json.parse("{\"x\":[]}"));
    assertThat(task.toJson().asMap())
        .containsEntry("status", "completed")
        .containsEntry("attempts", 1)
        .containsEntry("swarmId", "w1")
        .containsEntry("priority", "high")
        .containsEntry("data", Map.of("a", List.of(), "b", Map.of()));
    assertThat(task.history())
        .extracting(note -> note.asMap().get("status"))
        .containsExactly("pending", "assigned", "completed");
    assertThat(done(node.registry().get("w1")).activeTasks()).isZero();
    assertThat(done(node.registry().get("w1")).metrics().tasksCompleted()).isEqualTo(1);
  }

  @Test
  void completion_repeated_getsTheSameAnswer() {
    take(NewTask.builder("x").id("t1").build());
    for (int i = 0; i < 5; i++) {
      done(node.workers().complete(worker, "t1", 1, Json.of(i)).thenReturn(true));
    }
    assertThat(node.task("t1").result()).isEqualTo(Json.of(0));
    assertThat(done(node.queue().statistics()).tasksCompleted()).isEqualTo(1);
  }

  @Test
  void report_ofAnother_isFenced() {
    take(NewTask.builder("x").id("t1").build());
    Ownership other = node.swarm("w2");
    refused(ErrorCode.FENCED, () -> node.workers().complete(other, "t1", 1, null).block(SOON));
    refused(ErrorCode.FENCED, () -> node.workers().complete(worker, "t1", 2, null).block(SOON));
    refused(ErrorCode.FENCED, () -> node.workers().extend(worker, "t1", 2, null).block(SOON));
    refused(ErrorCode.NOT_FOUND, () -> node.workers().complete(worker, "t9", 1, null).block(SOON));
    refused(
        ErrorCode.FENCED,
        () -> node.workers().complete(new Ownership("w1", 99), "t1", 1, null).block(SOON));
    assertThat(node.task("t1").status()).isEqualTo(TaskStatus.ASSIGNED);
    assertThat(done(node.workers().extend(worker, "t1", 1, Json.of("half"))))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(node.task("t1").progress()).isEqualTo(Json.of("half"));
  }

  @Test
  void task_alwaysFailing_diesAfterItsAttempts() {
    done(node.workers().request(worker, 10, false));
    node.submit(NewTask.builder("x").id("poison").maxAttempts(3).build());
    Failure failure = new Failure(Json.of(Map.of("why", "\"no\"")), true, Duration.ZERO);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assigned("poison", attempt);
      TaskStatus status = done(node.workers().fail(worker, "poison", attempt, failure));
      assertThat(status).isEqualTo(attempt < 3 ? TaskStatus.PENDING : TaskStatus.DEAD);
    }
    Task task = done(node.queue().await("poison", SOON));
    assertThat(task.error()).isEqualTo(failure.error());
    assertThat(task.history())
        .extracting(note -> note.asMap().get("status"))
        .containsExactly(
            "pending",
            "assigned",
            "failed",
            "pending",
            "assigned",
            "failed",
            "pending",
            "assigned",
            "failed",
            "dead");
    assertThat(done(node.queue().statistics()).dead()).isEqualTo(1);

    assertThat(done(node.queue().retry("poison"))).isEqualTo(TaskStatus.PENDING);
    refused(ErrorCode.FAILED_PRECONDITION, () -> node.queue().retry("poison").block(SOON));
    assertThat(assigned("poison", 4).attempt()).isEqualTo(4);
    done(node.workers().complete(worker, "poison", 4, null).thenReturn(true));
    assertThat(node.task("poison").status()).isEqualTo(TaskStatus.COMPLETED);
  }

  /** For how long, {@link TaskArrowsIT} tells. */
  @Test
  void failure_withoutDelay_backsOff() {
    done(node.workers().request(worker, 10, false));
    node.submit(NewTask.builder("x").id("t1").build());
    assigned("t1", 1);
    long before = System.nanoTime();
    done(node.workers().fail(worker, "t1", 1, Failure.of(Json.of("e"))));
    assigned("t1", 2);
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(490));
    assertThat(node.task("t1").failures()).isEqualTo(1);
  }

  @Test
  void release_always_givesItBackUnharmed() {
    done(node.workers().request(worker, 10, false));
    node.submit(NewTask.builder("x").id("t1").maxAttempts(1).build());
    for (int attempt = 1; attempt <= 5; attempt++) {
      assigned("t1", attempt);
      node.workers().release(worker, "t1", attempt).block(SOON);
    }
    assertThat(assigned("t1", 6)).isNotNull();
    refused(ErrorCode.FENCED, () -> node.workers().complete(worker, "t1", 5, null).block(SOON));
  }

  /** By the node that keeps the fleet up: the end of a lease shows that it does. */
  @Test
  void task_thatDies_isALineForOperators() {
    try (LogLines log = LogLines.of("io.multiswarm.internal.tasks.upkeep.DeadTasks")) {
      done(node.workers().request(worker, 10, false));
      node.submit(
          NewTask.builder("x").id("t1").lease(Duration.ofMillis(300)).maxAttempts(1).build());

      assertThat(log.awaitLine("the death", line -> line.contains("t1")))
          .isEqualTo("WARN Task t1 is dead after attempt 1 by swarm w1: lease expired");
      assertThat(log.all()).hasSize(1);
    }
  }

  @Test
  void lease_runOut_returnsTheTask() {
    List<Revocation> revoked = new CopyOnWriteArrayList<>();
    node.workers().revocations(worker).subscribe(revoked::add, error -> {});
    done(node.workers().request(worker, 10, false));
    node.submit(NewTask.builder("x").id("t1").lease(Duration.ofMillis(300)).maxAttempts(2).build());
    assigned("t1", 1);
    assigned("t1", 2);
    await("revocation", SOON, () -> !revoked.isEmpty());
    assertThat(revoked.get(0)).isEqualTo(new Revocation("w1", "t1", 1, "lease expired"));
    Task task = done(node.queue().await("t1", SOON));
    assertThat(task.status()).isEqualTo(TaskStatus.DEAD);
    assertThat(task.failures()).isEqualTo(2);
  }

  @Test
  void submission_repeated_returnsTheFirst() {
    NewTask task = NewTask.builder("x").id("t1").dedupeKey("k").build();
    assertThat(node.submit(task)).isEqualTo(new Submission("t1", TaskStatus.PENDING));
    assertThat(node.submit(task)).isEqualTo(new Submission("t1", TaskStatus.PENDING));
    assertThat(node.submit(NewTask.builder("y").dedupeKey("k").build()))
        .isEqualTo(new Submission("t1", TaskStatus.PENDING));
    assertThat(done(node.queue().statistics()).queueDepth()).isEqualTo(1);
  }

  @Test
  void queue_full_refusesWithADelay() {
    try (TaskNode small =
        TaskNode.start(
            "n2",
            redis,
            CoordinationOptions.defaults()
                .withTasks(
                    new CoordinationOptions.Tasks(10, Duration.ofHours(1), Duration.ofHours(1))))) {
      List<SubmitResult> results =
          done(
              small
                  .queue()
                  .submitAll(
                      null, IntStream.range(0, 15).mapToObj(i -> NewTask.of("x" + i)).toList()));
      assertThat(results.subList(0, 10)).allMatch(result -> result.submission() != null);
      assertThat(results.subList(10, 15))
          .allSatisfy(
              result -> {
                assertThat(result.refusal().code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
                assertThat(result.refusal().retryAfter()).isNotNull();
              });
    }
  }

  @Test
  void credit_usedUp_isNotGivenBack() {
    assertThat(done(node.workers().request(worker, 2, false))).isEqualTo(2);
    assertThat(done(node.workers().request(worker, 1, false))).isEqualTo(3);
    for (int i = 1; i <= 5; i++) {
      node.submit(NewTask.builder("x").id("t" + i).build());
    }
    assigned("t3", 1);
    node.workers().complete(worker, "t1", 1, null).block(SOON);
    node.workers().release(worker, "t2", 1).block(SOON);
    assertThat(done(node.workers().request(worker, 1, false))).isEqualTo(1);
    assigned("t2", 2);
    assertThat(received).hasSize(4);
  }

  @Test
  void cancel_anyStatus_endsTheTaskOnce() {
    List<Revocation> revoked = new CopyOnWriteArrayList<>();
    node.workers().revocations(worker).subscribe(revoked::add, error -> {});
    node.submit(NewTask.builder("x").id("pending").build());
    node.submit(NewTask.builder("x").id("delayed").delay(Duration.ofHours(1)).build());
    assertThat(done(node.queue().statistics()).delayed()).isEqualTo(1);
    assertThat(done(node.queue().cancel("pending", "no \"need\""))).isTrue();
    assertThat(done(node.queue().cancel("delayed", null))).isTrue();
    take(NewTask.builder("x").id("assigned").build());
    assertThat(done(node.queue().cancel("assigned", null))).isTrue();
    assertThat(done(node.queue().cancel("assigned", null))).isTrue();
    await("revocation", SOON, () -> revoked.size() == 1);
    refused(
        ErrorCode.FENCED, () -> node.workers().complete(worker, "assigned", 1, null).block(SOON));
    take(NewTask.builder("x").id("done").build());
    node.workers().complete(worker, "done", 1, null).block(SOON);
    assertThat(done(node.queue().cancel("done", null))).isFalse();
    refused(ErrorCode.NOT_FOUND, () -> node.queue().cancel("unknown", null).block(SOON));
    TaskStatistics statistics = done(node.queue().statistics());
    assertThat(statistics.queueDepth()).isZero();
    assertThat(statistics.assigned()).isZero();
    assertThat(statistics.lanes()).isZero();
    assertThat(statistics.tasksCancelled()).isEqualTo(3);
  }

  @Test
  void swarm_sayingGoodbye_givesItsTasksBackUnharmed() {
    take(NewTask.builder("x").id("t1").maxAttempts(1).build());
    Ownership other = node.swarm("w2");
    done(node.workers().request(other, 1, false));
    node.leave(worker, Departure.GOODBYE);
    Task task =
        awaitValue("return", SOON, () -> node.task("t1"), seen -> "w2".equals(seen.swarmId()));
    assertThat(task.attempts()).isEqualTo(2);
    assertThat(task.failures()).isZero();
  }

  @Test
  void swarm_deregistered_givesItsTasksBack() {
    take(NewTask.builder("x").id("t1").maxAttempts(1).build());
    node.registry().deregister(worker, "completed").block(SOON);
    Task task =
        awaitValue(
            "return", SOON, () -> node.task("t1"), seen -> seen.status() == TaskStatus.PENDING);
    assertThat(task.failures()).isZero();
  }

  @Test
  void swarm_lostBeyondGrace_losesItsTasks() {
    node.swarm("w0");
    take(NewTask.builder("x").id("t1").lease(Duration.ofMinutes(5)).build());
    node.leave(worker, Departure.LOST);
    Task task =
        awaitValue(
            "return", SOON, () -> node.task("t1"), seen -> seen.status() == TaskStatus.PENDING);
    assertThat(task.failures()).isEqualTo(1);
  }

  @Test
  void tasks_unroutable_waitVisiblyAndBlockNobody() {
    done(node.workers().request(worker, 1, false));
    node.submit(NewTask.builder("x").id("never").capabilities(List.of("magic")).build());
    node.submit(NewTask.builder("x").id("t1").build());
    assigned("t1", 1);
    await("unroutable", SOON, () -> done(node.queue().statistics()).unroutable() == 1);
    Ownership able = node.swarm("w2", "magic", "other");
    done(node.workers().request(able, 1, false));
    awaitValue("magic", SOON, () -> node.task("never"), seen -> "w2".equals(seen.swarmId()));
    await("count", SOON, () -> done(node.queue().statistics()).unroutable() == 0);
  }

  @Test
  void capabilities_learnt_routeWhatWaited() {
    done(node.workers().request(worker, 1, false));
    node.submit(NewTask.builder("x").id("t1").capabilities(List.of("new skill")).build());
    await("unroutable", SOON, () -> done(node.queue().statistics()).unroutable() == 1);
    done(
        node.registry()
            .update(
                worker,
                new SwarmUpdate(
                    null, null, Json.of(Map.of("capabilities", List.of("new skill"))))));
    assigned("t1", 1);
  }

  @Test
  void list_filteredAndPaged_showsEachOnce() {
    for (int i = 0; i < 25; i++) {
      node.submit(NewTask.builder("x").id("t" + i).build());
    }
    node.queue().cancel("t7", null).block(SOON);
    TaskQuery query = TaskQuery.of(TaskFilter.ANY.withStatus(TaskStatus.PENDING)).withLimit(20);
    TaskPage first = done(node.queue().list(query));
    assertThat(first.tasks()).hasSize(20).extracting(Task::id).startsWith("t24", "t23");
    TaskPage second = done(node.queue().list(query.withCursor(first.nextCursor())));
    assertThat(second.tasks()).extracting(Task::id).containsExactly("t3", "t2", "t1", "t0");
    assertThat(second.nextCursor()).isNull();
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> node.queue().list(TaskQuery.ALL.withCursor("bad")).block(SOON));
  }

  @Test
  void assignments_byDemand_areCredit() {
    Ownership owner = node.swarm("w2");
    List<Assignment> seen = new CopyOnWriteArrayList<>();
    BaseSubscriber<Assignment> subscriber =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(2);
          }

          @Override
          protected void hookOnNext(Assignment value) {
            seen.add(value);
          }
        };
    node.workers().assignments(owner).subscribe(subscriber);
    for (int i = 0; i < 5; i++) {
      node.submit(NewTask.builder("x").id("t" + i).build());
    }
    await("two", SOON, () -> seen.size() == 2);
    assertThat(done(node.queue().statistics()).assigned()).isEqualTo(2);
    subscriber.request(2);
    await("four", SOON, () -> seen.size() == 4);
    assertThat(done(node.queue().statistics()).assigned()).isEqualTo(4);
    subscriber.dispose();
  }

  @Test
  void worker_withHandler_completesAndFails() {
    Ownership owner = node.swarm("w2");
    TaskWorker working = new TaskWorker(node.workers(), 4, node.context.scheduler());
    var running =
        working
            .work(
                owner,
                one ->
                    one.taskId().startsWith("bad")
                        ? Mono.error(new IllegalStateException("bad"))
                        : Mono.just(Json.of(one.taskId())))
            .subscribe();
    TaskHandle good = done(node.queue().distribute("w1", NewTask.builder("x").id("good").build()));
    TaskHandle bad =
        done(node.queue().distribute(null, NewTask.builder("x").id("bad").maxAttempts(1).build()));
    assertThat(done(good.result())).isEqualTo(Json.of("good"));
    assertThat(done(good.assignment()).swarmId()).isEqualTo("w2");
    refused(ErrorCode.FAILED_PRECONDITION, () -> bad.result().block(SOON));
    running.dispose();
  }

  @Test
  void watch_ofSubmitter_tellsEachMove() {
    List<TaskUpdate> updates = new CopyOnWriteArrayList<>();
    var watching = node.queue().watchFrom("w1").subscribe(updates::add);
    done(node.workers().request(worker, 1, false));
    done(node.queue().submit("w1", NewTask.builder("x").id("t1").build()));
    assigned("t1", 1);
    node.workers().complete(worker, "t1", 1, null).block(SOON);
    await("three moves", SOON, () -> updates.size() == 3);
    assertThat(updates)
        .extracting(TaskUpdate::status)
        .containsExactly(TaskStatus.PENDING, TaskStatus.ASSIGNED, TaskStatus.COMPLETED);
    watching.dispose();
  }
}
