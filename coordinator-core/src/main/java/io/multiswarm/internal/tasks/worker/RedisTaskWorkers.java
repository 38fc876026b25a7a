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
import io.multiswarm.tasks.Revocation;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskWorkers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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

  public RedisTaskWorkers(NodeContext context, TaskKeys keys, TaskReader reader, EndedTasks ended) {
    this.context = context;
    this.desks = new AssignmentsBySwarm(context);
    this.extender = new AutoExtender(context, keys, desks);
    this.deliveries = new Deliveries(context, keys, desks, reader, extender);
    this.bodies = new TaskBodies(context, keys);
    this.grants = new Grants(context, keys);
    this.reports = new Reports(context, keys, ended);
  }

  @Override
  public Flux<Assignment> assignments(Ownership owner) {
    return Flux.defer(
        () -> {
          AssignmentsInFlight desk = desks.of(owner);
          desk.autoExtend(true);
          desk.deliverAnew();
          extender.watch(desk);
          return deliveries.settled(desk).thenMany(CreditFlow.of(context, grants, desk, bodies));
        });
  }

  @Override
  public Flux<Assignment> received(Ownership owner) {
    return Flux.defer(() -> AssignmentFlux.of(desks.of(owner), bodies));
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
                    .toList());
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
    return ending(reports.complete(owner, taskId, attempt, result), owner, taskId, attempt);
  }

  @Override
  public Mono<TaskStatus> fail(Ownership owner, String taskId, long attempt, Failure failure) {
    return ending(
        Mono.defer(() -> reports.fail(owner, taskId, attempt, failure)), owner, taskId, attempt);
  }

  @Override
  public Mono<Void> release(Ownership owner, String taskId, long attempt) {
    return ending(Mono.defer(() -> reports.release(owner, taskId, attempt)), owner, taskId, attempt)
        .then();
  }

  private <T> Mono<T> ending(Mono<T> report, Ownership owner, String taskId, long attempt) {
    return order
        .inTurn(taskId, report)
        .doOnSuccess(done -> forget(owner, taskId, attempt))
        .doOnError(error -> forgetFenced(error, owner, taskId, attempt));
  }

  private void forgetFenced(Throwable error, Ownership owner, String taskId, long attempt) {
    if (CoordinationException.is(error, ErrorCode.FENCED)
        || CoordinationException.is(error, ErrorCode.NOT_FOUND)) {
      forget(owner, taskId, attempt);
    }
  }

  private void forget(Ownership owner, String taskId, long attempt) {
    desks.find(owner).ifPresent(desk -> desk.done(taskId, attempt));
  }

  public void close() {
    extender.dispose();
    desks.close();
  }
}
