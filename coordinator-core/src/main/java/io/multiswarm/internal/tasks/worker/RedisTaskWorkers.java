package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.queue.TaskReader;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskWorkers;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** {@link TaskWorkers} over the desks of this node. */
public final class RedisTaskWorkers implements TaskWorkers {

  private static final long ADMINISTRATOR = 0;

  private final NodeContext context;

  /** What {@link #held} gives at most: a part of what a frame may have. */
  private static final int HELD_AT_ONCE = 1_000;

  private static final int HELD_BYTES = 256 << 10;

  private final AssignmentsBySwarm desks;
  private final Deliveries deliveries;
  private final TaskBodies bodies;
  private final Grants grants;
  private final Reports reports;
  private final KeyedSequence order = new KeyedSequence("task reports");
  private final AutoExtender extender;
  private final AttemptSpans spans;
  private volatile BiConsumer<String, Duration> listener = (outcome, ran) -> {};

  public RedisTaskWorkers(NodeContext context, TaskKeys keys, TaskReader reader, EndedTasks ended) {
    this.context = context;
    this.desks = new AssignmentsBySwarm(context);
    this.extender = new AutoExtender(context, keys, desks);
    this.grants = new Grants(context, keys);
    this.deliveries = new Deliveries(context, keys, desks, reader, extender, grants);
    this.bodies = new TaskBodies(context, keys);
    this.reports = new Reports(context, keys, ended);
    this.spans = new AttemptSpans(context.tracing());
  }

  @Override
  public Flux<Assignment> assignments(Ownership owner) {
    return Flux.defer(
        () -> {
          AssignmentsInFlight desk = desks.of(owner);
          desk.autoExtend(true);
          desk.deliverAnew();
          extender.watch(desk);
          return deliveries
              .settled(desk)
              .thenMany(CreditFlow.of(context, grants, desk, bodies).doOnNext(spans::began));
        });
  }

  @Override
  public Flux<Assignment> received(Ownership owner) {
    return Flux.defer(() -> AssignmentFlux.of(desks.of(owner), bodies).doOnNext(spans::began));
  }

  @Override
  public Flux<Revocation> revocations(Ownership owner) {
    return Flux.defer(() -> desks.of(owner).revocations());
  }

  @Override
  public Mono<Integer> request(Ownership owner, int n, boolean autoExtend) {
    if (n < 1 || n > MAX_CREDIT) {
      return Mono.error(
          CoordinationException.invalid("n", "must be 1 to %d, is %d", MAX_CREDIT, n));
    }
    if (owner.incarnation() == ADMINISTRATOR) {
      return grants.grant(owner, n);
    }
    return Mono.defer(
        () -> {
          AssignmentsInFlight desk = desks.of(owner);
          if (autoExtend) {
            desk.autoExtend(true);
            extender.watch(desk);
          }
          // Taken back when the outcome is unknown: the caller's repetition grants the same total.
          return grants.grant(owner, desk.grant(n)).doOnError(error -> desk.grant(-n));
        });
  }

  @Override
  public Mono<List<Assignment>> held(Ownership owner) {
    return Mono.defer(
        () -> {
          AssignmentsInFlight desk = desks.of(owner);
          return deliveries.reconcile(desk).then(Mono.defer(() -> takeHeld(desk)));
        });
  }

  private Mono<List<Assignment>> takeHeld(AssignmentsInFlight desk) {
    desk.deliverAnew();
    List<Given> taken = desk.takeSmall(HELD_AT_ONCE, HELD_BYTES);
    return bodies
        .of(taken)
        .map(
            found ->
                IntStream.range(0, taken.size())
                    .filter(i -> found.get(i).isPresent())
                    .mapToObj(
                        i -> taken.get(i).with(desk.owner().swarmId(), found.get(i).orElseThrow()))
                    .toList())
        .doOnNext(found -> found.forEach(spans::began));
  }

  /** Runs with what is observed of an attempt around it. */
  public Context observed(Context context, Assignment given) {
    return spans.into(context, given);
  }

  @Override
  public Mono<Duration> extend(
      Ownership owner, String taskId, long attempt, @Nullable Json progress) {
    return order
        .inTurn(taskId, reports.extend(owner, taskId, attempt, progress))
        .doOnError(error -> forgetFenced(error, owner, taskId, attempt));
  }

  @Override
  public Mono<Void> complete(Ownership owner, String taskId, long attempt, @Nullable Json result) {
    AttemptEnd ending = new AttemptEnd("completed", owner, taskId, attempt);
    return ending(reports.complete(owner, taskId, attempt, result), ending);
  }

  @Override
  public Mono<TaskStatus> fail(Ownership owner, String taskId, long attempt, Failure failure) {
    AttemptEnd ending = new AttemptEnd("failed", owner, taskId, attempt);
    return ending(Mono.defer(() -> reports.fail(owner, taskId, attempt, failure)), ending);
  }

  @Override
  public Mono<Void> release(Ownership owner, String taskId, long attempt) {
    AttemptEnd ending = new AttemptEnd("released", owner, taskId, attempt);
    return ending(Mono.defer(() -> reports.release(owner, taskId, attempt)), ending).then();
  }

  /** By which word an attempt ends. */
  private record AttemptEnd(String outcome, Ownership owner, String taskId, long attempt) {}

  private <T> Mono<T> ending(Mono<T> report, AttemptEnd ending) {
    return order
        .inTurn(ending.taskId(), report)
        .doOnSuccess(done -> ended(ending))
        .doOnError(error -> forgetFenced(error, ending.owner(), ending.taskId(), ending.attempt()));
  }

  private void ended(AttemptEnd ending) {
    spans.ended(ending.owner().swarmId(), ending.taskId(), ending.attempt(), ending.outcome());
    Long since = forget(ending.owner(), ending.taskId(), ending.attempt());
    if (since != null) {
      long now = context.scheduler().now(TimeUnit.MILLISECONDS);
      listener.accept(ending.outcome(), Duration.ofMillis(Math.max(0, now - since)));
    }
  }

  /** Hears from now on by which word attempts end, and how long they were here; one a node. */
  public void listenToEnds(BiConsumer<String, Duration> one) {
    listener = one;
  }

  private void forgetFenced(Throwable error, Ownership owner, String taskId, long attempt) {
    if (CoordinationException.is(error, ErrorCode.FENCED)
        || CoordinationException.is(error, ErrorCode.NOT_FOUND)) {
      spans.ended(owner.swarmId(), taskId, attempt, "fenced");
      forget(owner, taskId, attempt);
    }
  }

  private @Nullable Long forget(Ownership owner, String taskId, long attempt) {
    return desks.find(owner).map(desk -> desk.done(taskId, attempt)).orElse(null);
  }

  public void close() {
    extender.dispose();
    desks.close();
  }
}
