package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.Tasking;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What is done over one connection: tasks, reports, and asking for more. */
final class WorkerTasks {

  private static final Duration WORK = Duration.ofMillis(200);
  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(3);
  private static final int ONCE_IN = 100;

  private final ChaosContext context;
  private final AttemptLog memory;
  private final Tasking tasking;
  private final Scheduler scheduler;
  private final boolean slow;
  private final Map<String, Integer> finished = new ConcurrentHashMap<>();

  WorkerTasks(
      ChaosContext context, AttemptLog memory, Tasking tasking, Scheduler scheduler, boolean slow) {
    this.context = context;
    this.memory = memory;
    this.tasking = tasking;
    this.scheduler = scheduler;
    this.slow = slow;
  }

  /**
   * Begins to work for a swarm that was created or attached.
   *
   * @param leases what it still has
   */
  Mono<Void> open(String swarm, List<Assignment> leases) {
    finished.remove(swarm);
    leases.forEach(context.seen()::held);
    List<Assignment> reports = memory.unanswered(swarm);
    return Flux.concat(
            Flux.just(request(swarm, context.plan().crowd().credit())),
            Flux.fromStream(Stream.concat(reports.stream(), leases.stream())).map(this::finish))
        .flatMap(work -> work, Integer.MAX_VALUE)
        .then();
  }

  /** Does a task, and is ready for another one then. */
  Mono<Void> perform(Assignment given) {
    return finish(given).then(Mono.defer(() -> requestAgain(given.swarm())));
  }

  /** Does a task, for which no other is asked: its credit was another attachment's. */
  private Mono<Void> finish(Assignment given) {
    return memory.begin(given)
        ? Mono.delay(time(), scheduler).then(Mono.defer(() -> report(given)))
        : Mono.empty();
  }

  private Duration time() {
    boolean dawdles = slow && context.random().nextInt(ONCE_IN) == 0;
    return dawdles ? LONGER_THAN_A_LEASE : context.anyTime(WORK);
  }

  private Mono<Void> report(Assignment given) {
    long task = given.stamp().number();
    memory.reporting(given);
    context.seen().ledger().reporting(given.swarm(), task, given.attempt());
    return tasking
        .complete(given.swarm(), context.names().of(task), given.attempt())
        .doOnError(Fault.class, context.seen()::completionPutOff)
        .retryWhen(context.whilePassing())
        .doOnSuccess(
            accepted -> {
              memory.answered(given);
              context.seen().completed(given);
              context.seen().times().record(context.now() - given.stamp().intendedNanos());
            })
        .onErrorResume(Fault.class, fault -> refused(given, fault));
  }

  private Mono<Void> refused(Assignment given, Fault fault) {
    memory.answered(given);
    return fenced(fault);
  }

  /** The swarm, or its attempt, is somebody else's now. */
  private Mono<Void> fenced(Fault fault) {
    if (fault.name().equals("FENCED")) {
      context.seen().fenced();
    } else {
      context.seen().unexpected(fault);
    }
    return Mono.empty();
  }

  private Mono<Void> requestAgain(String swarm) {
    int enough = Math.max(1, context.plan().crowd().credit() / 2);
    int done = finished.merge(swarm, 1, (before, one) -> before >= enough ? one : before + one);
    return done < enough ? Mono.empty() : request(swarm, done);
  }

  private Mono<Void> request(String swarm, int n) {
    return Mono.defer(
            () -> {
              context.seen().ledger().requested(swarm, n);
              return tasking.request(swarm, n, !slow).retryWhen(context.whilePassing());
            })
        .onErrorResume(Fault.class, this::fenced);
  }
}
