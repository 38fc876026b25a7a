package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.tasks.Assignment.PreviousAttempt;
import io.multiswarm.tasks.Assignment.PreviousAttempt.Reason;
import io.multiswarm.tasks.Task.LateResult;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Work that comes too late, and what the next worker is told of those before. */
@RedisTest
class LateResultsIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private TaskNode node;
  private Ownership worker;
  private final List<Assignment> received = new CopyOnWriteArrayList<>();
  private final List<Revocation> revoked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin(TestRedis redis) {
    node = TaskNode.start("n1", redis);
    worker = node.swarm("w.1");
    await("leadership", SOON, node::leads);
    node.workers().received(worker).subscribe(received::add, over -> {});
    node.workers().revocations(worker).subscribe(revoked::add, over -> {});
    done(node.workers().request(worker, 100, false));
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void submit(int maxAttempts) {
    node.submit(
        NewTask.builder("x").id("t1").lease(Duration.ofHours(1)).maxAttempts(maxAttempts).build());
  }

  private Assignment attempt(long number) {
    return awaitValue(
            "attempt " + number,
            SOON,
            () -> received.stream().filter(one -> one.attempt() == number).toList(),
            list -> !list.isEmpty())
        .get(0);
  }

  private void release(long attempt) {
    attempt(attempt);
    done(node.workers().release(worker, "t1", attempt).thenReturn(true));
  }

  private void late(long attempt, Json result) {
    refused(
        ErrorCode.FENCED,
        () -> done(node.workers().complete(worker, "t1", attempt, result).thenReturn(true)));
  }

  private boolean adopt(long attempt) {
    return done(node.queue().adopt("t1", attempt).thenReturn(true));
  }

  @Test
  void lateCompletions_ofOverAttempts_areListedNewestFirst() {
    submit(9);
    release(1);
    release(2);
    attempt(3);
    late(1, Json.of("one"));
    late(1, Json.of("again"));
    late(2, Json.parse("{\"a\":[1,\n2]}"));
    late(4, Json.of("never began"));
    List<LateResult> late = node.task("t1").lateResults();
    assertThat(late).extracting(LateResult::attempt).containsExactly(2L, 1L);
    assertThat(late).extracting(LateResult::swarmId).containsOnly("w.1");
    assertThat(late.get(1).result()).isEqualTo(Json.of("one"));
    assertThat(node.task("t1").status()).isEqualTo(TaskStatus.ASSIGNED);
  }

  @Test
  void lateCompletions_ofOthersAttempts_areNotKept() {
    Ownership other = node.swarm("wx1");
    submit(9);
    release(1);
    attempt(2);
    refused(
        ErrorCode.FENCED,
        () -> done(node.workers().complete(other, "t1", 1, Json.of(1)).thenReturn(true)));
    assertThat(node.task("t1").lateResults()).isEmpty();
  }

  @Test
  void lateCompletions_manyOrLong_areBounded() {
    submit(9);
    for (int attempt = 1; attempt <= 7; attempt++) {
      release(attempt);
    }
    attempt(8);
    for (int attempt = 1; attempt <= 6; attempt++) {
      late(attempt, Json.of(attempt));
    }
    late(7, Json.of("x".repeat(64 << 10)));
    List<LateResult> late = node.task("t1").lateResults();
    assertThat(late).extracting(LateResult::attempt).containsExactly(7L, 6L, 5L, 4L, 3L);
    assertThat(late.get(0).result()).isNull();
    assertThat(late.get(0).toJson().toString()).contains("\"truncated\":true");
    refused(ErrorCode.NOT_FOUND, () -> adopt(7));
    refused(ErrorCode.NOT_FOUND, () -> adopt(2));
  }

  @Test
  void lateResult_adopted_endsAnAssignedTaskOnce() {
    submit(9);
    release(1);
    attempt(2);
    late(1, Json.of("late"));
    adopt(1);
    adopt(1);
    Task task = done(node.queue().await("t1", SOON));
    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.result()).isEqualTo(Json.of("late"));
    assertThat(task.swarmId()).isEqualTo("w.1");
    assertThat(task.attempts()).isEqualTo(2);
    await("revocation", SOON, () -> !revoked.isEmpty());
    assertThat(revoked.get(0).attempt()).isEqualTo(2);
    late(2, Json.of("too late as well"));
    refused(ErrorCode.FAILED_PRECONDITION, () -> adopt(2));
    assertThat(node.task("t1").result()).isEqualTo(Json.of("late"));
    assertThat(done(node.registry().get("w.1")).activeTasks()).isZero();
    assertThat(done(node.registry().get("w.1")).metrics().tasksCompleted()).isEqualTo(1);
    assertThat(done(node.queue().statistics()).tasksCompleted()).isEqualTo(1);
  }

  @Test
  void lateResult_adopted_endsADeadTask() {
    submit(1);
    attempt(1);
    done(node.workers().fail(worker, "t1", 1, Failure.of(Json.of("no"))));
    assertThat(node.task("t1").status()).isEqualTo(TaskStatus.DEAD);
    late(1, Json.of("done after all"));
    adopt(1);
    assertThat(node.task("t1").result()).isEqualTo(Json.of("done after all"));
    refused(ErrorCode.FAILED_PRECONDITION, () -> done(node.queue().retry("t1")));
  }

  @Test
  void lateResult_ofATaskThatEndedOtherwise_isListedAndRefused() {
    submit(9);
    release(1);
    attempt(2);
    done(node.workers().complete(worker, "t1", 2, Json.of("in time")).thenReturn(true));
    late(1, Json.of("late"));
    assertThat(node.task("t1").lateResults()).hasSize(1);
    refused(ErrorCode.FAILED_PRECONDITION, () -> adopt(1));
    refused(ErrorCode.NOT_FOUND, () -> done(node.queue().adopt("t2", 1).thenReturn(true)));
  }

  @Test
  void adoptersAndCompleters_racing_leaveOneResult() {
    submit(30);
    for (int attempt = 1; attempt <= 5; attempt++) {
      release(attempt);
    }
    attempt(6);
    for (int attempt = 1; attempt <= 5; attempt++) {
      late(attempt, Json.of(attempt));
    }
    List<Mono<String>> racers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long attempt = i % 6 + 1;
      Mono<Void> act =
          attempt == 6
              ? node.workers().complete(worker, "t1", 6, Json.of(6))
              : node.queue().adopt("t1", attempt);
      racers.add(
          act.thenReturn(Long.toString(attempt))
              .onErrorResume(CoordinationException.class, lost -> Mono.just("")));
    }
    List<String> won =
        done(Flux.merge(Flux.fromIterable(racers), 20).collectList()).stream()
            .filter(one -> !one.isEmpty())
            .distinct()
            .toList();
    assertThat(won).hasSize(1);
    assertThat(node.task("t1").result()).isEqualTo(Json.parse(won.get(0)));
    assertThat(done(node.queue().statistics()).tasksCompleted()).isEqualTo(1);
  }

  @Test
  void laterAttempts_areToldOfThoseBefore() {
    submit(9);
    assertThat(attempt(1).previous()).isEmpty();
    done(node.workers().extend(worker, "t1", 1, Json.parse("{\"step\":1}")));
    release(1);
    assertThat(attempt(2).previous())
        .containsExactly(
            new PreviousAttempt(1, "w.1", Reason.RELEASED, Json.parse("{\"step\":1}")));
    Failure failure = new Failure(Json.of("lease expired"), true, Duration.ZERO);
    done(node.workers().fail(worker, "t1", 2, failure));
    Assignment third = attempt(3);
    assertThat(third.previous())
        .extracting(PreviousAttempt::reason)
        .containsExactly(Reason.FAILED, Reason.RELEASED);
    assertThat(third.previous().get(0).progress()).isNull();
    done(node.workers().extend(worker, "t1", 3, Json.of("x".repeat(17_000))));
    release(3);
    release(4);
    assertThat(attempt(5).previous())
        .extracting(PreviousAttempt::attempt)
        .containsExactly(4L, 3L, 2L);
    assertThat(attempt(5).previous().get(1).progress()).isNull();
    assertThat(attempt(5).toJson().toString())
        .contains("\"previous\":[{\"attempt\":4,\"swarmId\":\"w.1\",\"reason\":\"released\"}");
    assertThat(done(node.workers().held(worker)).get(0).previous())
        .isEqualTo(attempt(5).previous());
  }

  @Test
  void attempts_thatLostTheirLeaseOrSwarm_areToldSo() {
    Ownership lost = node.swarm("lost", "here");
    node.submit(
        NewTask.builder("x")
            .id("t1")
            .lease(Duration.ofSeconds(1))
            .capabilities(List.of("here"))
            .build());
    done(node.workers().request(lost, 1, false));
    await("the first attempt is over", SOON, () -> node.task("t1").failures() == 1);
    done(node.workers().request(lost, 1, true));
    await("the second", SOON, () -> node.task("t1").attempts() == 2);
    node.leave(lost, Departure.GOODBYE);
    await("its return", SOON, () -> node.task("t1").status() == TaskStatus.PENDING);
    Ownership third = node.swarm("third", "here");
    done(node.workers().request(third, 1, true));
    await("the third", SOON, () -> node.task("t1").attempts() == 3);
    assertThat(done(node.workers().held(third)).get(0).previous())
        .extracting(PreviousAttempt::reason)
        .containsExactly(Reason.SWARM_LOST, Reason.LEASE_EXPIRED);
    done(node.registry().deregister(third, null).thenReturn(true));
    Ownership fourth = node.swarm("fourth", "here");
    done(node.workers().request(fourth, 1, true));
    await("the fourth", SOON, () -> node.task("t1").attempts() == 4);
    assertThat(done(node.workers().held(fourth)).get(0).previous())
        .extracting(PreviousAttempt::reason)
        .containsExactly(Reason.DEREGISTERED, Reason.SWARM_LOST, Reason.LEASE_EXPIRED);
  }
}
