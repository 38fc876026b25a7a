package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.Notification;
import io.multiswarm.load.client.Notification.Assignment;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.client.Tasking;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * The working half of a session: its swarms ask for tasks, do them and report. A swarm asks again
 * when it has finished half of what it asked for, so that it never runs dry and doesn't ask for
 * each task alone.
 */
final class Worker {

  /**
   * Reports on their way at once; with the submissions they stay below the 64 requests that a
   * session may have.
   */
  private static final int REPORTS_AT_ONCE = 24;

  private final Fleet.Member member;
  private final Tasking tasking;
  private final TaskNames names;
  private final TasksScenario.Work work;
  private final TaskObservation observation;
  private final Map<String, Integer> finished = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Bounded by what the swarms ask for. */
  private final Sinks.Many<Assignment> assignments =
      Sinks.unsafe()
          .many()
          .unicast()
          .onBackpressureBuffer(Queues.<Assignment>unboundedMultiproducer().get());

  Worker(
      Fleet.Member member,
      Tasking tasking,
      TaskNames names,
      TasksScenario.Work work,
      TaskObservation observation) {
    this.member = member;
    this.tasking = tasking;
    this.names = names;
    this.work = work;
    this.observation = observation;
  }

  /**
   * Completes when every swarm has asked for its first tasks; from then on the work goes on by
   * itself.
   */
  Mono<Void> start() {
    for (int i = 0; i < member.swarms().size(); i++) {
      numbers.put(member.swarms().get(i), member.firstSwarm() + i);
    }
    member.notifications().subscribe(this::heard);
    assignments
        .asFlux()
        .flatMap(this::perform, work.credit() * member.swarms().size())
        .flatMap(this::report, REPORTS_AT_ONCE)
        .subscribe();
    return Flux.fromIterable(member.swarms())
        .flatMap(swarm -> request(swarm, work.credit()), Fleet.REQUESTS_AT_ONCE)
        .then();
  }

  private void heard(Notification notification) {
    if (notification instanceof Assignment assignment) {
      observation.assigned(assignment);
      assignments.tryEmitNext(assignment).orThrow();
    }
  }

  private Mono<Assignment> perform(Assignment assignment) {
    return work.time().isZero()
        ? Mono.just(assignment)
        : Mono.delay(work.time(), member.client().scheduler()).thenReturn(assignment);
  }

  private Mono<Void> report(Assignment assignment) {
    return tasking
        .complete(assignment.swarm(), names.of(assignment.stamp().number()), assignment.attempt())
        .doOnSuccess(
            done -> observation.completed(numbers.getOrDefault(assignment.swarm(), 0), assignment))
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> observation.refused(fault)))
        .then(Mono.defer(() -> requestAgain(assignment.swarm())));
  }

  private Mono<Void> requestAgain(String swarm) {
    int done = finished.merge(swarm, 1, Integer::sum);
    if (done < Math.max(1, work.credit() / 2)) {
      return Mono.empty();
    }
    finished.put(swarm, 0);
    return request(swarm, done);
  }

  private Mono<Void> request(String swarm, int n) {
    return Mono.defer(
        () -> {
          observation.ledger().requested(swarm, n);
          return tasking
              .request(swarm, n)
              .onErrorResume(
                  Fault.class, fault -> Mono.fromRunnable(() -> observation.refused(fault)));
        });
  }
}
