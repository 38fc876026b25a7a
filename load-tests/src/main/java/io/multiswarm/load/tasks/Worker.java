package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The working half of a session: its swarms ask for tasks, do them and report. A swarm asks again
 * when it has finished half of what it asked for, so that it never runs dry and doesn't ask for
 * each task alone.
 */
final class Worker {

  private static final int REQUESTS_AT_ONCE = 32;

  private final TaskSession session;
  private final TasksScenario.Work work;
  private final TaskTerms terms;
  private final TaskObservation seen;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final AtomicIntegerArray finished;
  private final ConcurrencyLimiter calls;
  private volatile boolean asksAgain;
  private volatile @Nullable Expected expected;

  /** Somebody waits for a swarm's next task. */
  private record Expected(String swarm, long since, MonoSink<Long> sink) {}

  Worker(TaskSession session, TasksScenario.Work work, TaskTerms terms, TaskObservation seen) {
    this.session = session;
    this.work = work;
    this.terms = terms;
    this.seen = seen;
    this.finished = new AtomicIntegerArray(session.swarms().size());
    this.calls = new ConcurrencyLimiter(session.callsAtOnce());
    for (int i = 0; i < session.swarms().size(); i++) {
      numbers.put(session.swarms().get(i), i);
    }
  }

  /** Does what its swarms are given from now on; none has asked for anything. */
  void listen() {
    session.listen(this::heard);
  }

  /** Completes when every swarm has asked for its first tasks, and goes on asking. */
  Mono<Void> begin() {
    return Flux.fromIterable(session.swarms())
        .doOnSubscribe(any -> asksAgain = true)
        .flatMap(swarm -> request(swarm, work.credit()), REQUESTS_AT_ONCE)
        .then();
  }

  /**
   * Has one swarm ask for one task, and tells how many nanoseconds later it was there. For one
   * caller at a time, before {@link #begin}.
   */
  Mono<Long> askForOne(int index) {
    String swarm = session.swarms().get(index);
    return Mono.<Long>create(
            sink -> {
              expected = new Expected(swarm, seen.nanoTime(), sink);
              request(swarm, 1).subscribe();
            })
        .doFinally(end -> expected = null);
  }

  private void heard(Assignment assignment) {
    Expected waiting = expected;
    if (waiting != null && waiting.swarm().equals(assignment.swarm())) {
      waiting.sink().success(seen.nanoTime() - waiting.since());
    }
    int index = numbers.getOrDefault(assignment.swarm(), 0);
    seen.assigned(
        assignment, terms.isAble(session.firstSwarm() + index, assignment.stamp().number()));
    Duration time = work.time(assignment.stamp().number());
    if (time.isZero()) {
      calls.enter(report(assignment, index));
    } else {
      // It ends by itself, and what comes of it no more when the run is over is not asked for.
      var unused =
          session
              .scheduler()
              .schedule(
                  () -> calls.enter(report(assignment, index)),
                  time.toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  private Mono<Void> report(Assignment assignment, int index) {
    return session
        .complete(assignment)
        .doOnSuccess(done -> seen.completed(session.firstSwarm() + index, assignment))
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> seen.refused(fault)))
        .then(Mono.defer(() -> requestAgain(assignment.swarm(), index)));
  }

  private Mono<Void> requestAgain(String swarm, int index) {
    int enough = Math.max(1, work.credit() / 2);
    if (!asksAgain || finished.incrementAndGet(index) % enough != 0) {
      return Mono.empty();
    }
    return request(swarm, enough);
  }

  private Mono<Void> request(String swarm, int n) {
    return Mono.defer(
        () -> {
          seen.ledger().requested(swarm, n);
          return session
              .request(swarm, n)
              .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> seen.refused(fault)));
        });
  }
}
