package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.RedisObserver.Leadership;
import io.multiswarm.load.faults.RedisObserver.Write;
import io.multiswarm.load.faults.ServerSlot;
import io.multiswarm.load.target.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Kills one after the other, and has started again what was killed. */
final class FaultInjector {

  /** Whatever takes longer than that does not come any more. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration LONGEST_ABSENCE = Duration.ofMillis(1500);
  private static final int SESSIONS_OF_A_PROCESS = 4;

  private final ChaosContext context;
  private final RedisProcess redis;
  private final RedisObserver observer;
  private final List<WorkerSession> workers;
  private final TaskNumbers numbers;

  FaultInjector(
      ChaosContext context,
      RedisProcess redis,
      RedisObserver observer,
      List<WorkerSession> workers,
      TaskNumbers numbers) {
    this.context = context;
    this.redis = redis;
    this.observer = observer;
    this.workers = workers;
    this.numbers = numbers;
  }

  /**
   * Completes after the last fault. Tasks are held back meanwhile, so that none is the last before
   * that.
   */
  Mono<Void> strikeAll() {
    ChaosScenario.Plan plan = context.plan();
    List<PlannedFault> faults = PlannedFault.schedule(plan.kills(), plan.tasks(), context.random());
    return Flux.range(0, faults.size())
        .concatMap(number -> strike(faults.get(number), number + 1, faults.size()), 1)
        .then(Mono.fromRunnable(() -> numbers.allow(plan.tasks())));
  }

  private Mono<Void> strike(PlannedFault fault, int number, int all) {
    return Mono.defer(
            () -> {
              numbers.allow(fault.after() + context.plan().crowd().unfinished());
              return until(() -> context.seen().completedCount() >= fault.after());
            })
        .then(
            Mono.defer(
                () -> {
                  context.scenario().mark("killed: " + fault.target().title());
                  return strike(fault.target());
                }))
        .timeout(PATIENCE, context.clock())
        .onErrorMap(
            error ->
                new IllegalStateException(
                    "PlannedFault %d of %d (%s): %s"
                        .formatted(number, all, fault.target().title(), error),
                    error))
        .doOnSuccess(
            done ->
                context
                    .scenario()
                    .say("%4d of %d  killed: %s%n", number, all, fault.target().title()));
  }

  private Mono<Void> strike(FaultTarget target) {
    return switch (target) {
      case WORKERS -> Mono.fromRunnable(this::killWorkers);
      case LEADER -> killLeader();
      case REDIS -> killRedis();
    };
  }

  private void killWorkers() {
    List<WorkerSession> targets = new ArrayList<>(workers);
    Collections.shuffle(targets, context.random());
    int count = Math.max(1, workers.size() / SESSIONS_OF_A_PROCESS);
    for (WorkerSession target : targets.subList(0, count)) {
      target.kill(Restart.values()[context.random().nextInt(Restart.values().length)]);
    }
  }

  /** Its successor need not be there when its place is taken; that nobody leads is time lost. */
  private Mono<Void> killLeader() {
    return observer
        .leadershipAfter(0)
        .filter(led -> context.slots().of(led.node()).isPresent())
        .repeatWhenEmpty(empty -> empty.delayElements(LOOK_AGAIN, context.clock()))
        .flatMap(
            led -> {
              long began = now();
              return context
                  .slots()
                  .of(led.node())
                  .map(slot -> replaced(slot, led, began))
                  .orElseGet(Mono::empty);
            });
  }

  private Mono<Void> replaced(ServerSlot slot, Leadership led, long began) {
    Mono<Void> workGoesOn =
        unlessAllIsDone(
            observer
                .writeSince(led.epoch() + 1)
                .doOnNext(
                    write -> context.seen().recovered(FaultTarget.LEADER, write.nanos() - began)));
    Mono<Void> another =
        slot.kill()
            .then(Mono.delay(context.anyTime(LONGEST_ABSENCE), context.clock()))
            .then(Mono.defer(slot::start));
    return Mono.when(workGoesOn, another);
  }

  private Mono<Void> killRedis() {
    return Mono.defer(
        () -> {
          long began = now();
          return redis
              .kill()
              .then(Mono.delay(context.anyTime(LONGEST_ABSENCE), context.clock()))
              .then(Mono.defer(() -> redis.restart(context.clock())))
              .then(
                  Mono.defer(
                      () ->
                          unlessAllIsDone(
                              observer
                                  .writeAfter(now())
                                  .doOnNext(
                                      write ->
                                          context
                                              .seen()
                                              .recovered(
                                                  FaultTarget.REDIS, write.nanos() - began)))));
        });
  }

  /** With nothing left to assign there is no sign of recovery, and nothing to wait for. */
  private Mono<Void> unlessAllIsDone(Mono<Write> sign) {
    return Mono.firstWithSignal(
        sign.then(), until(() -> numbers.areAllTaken() && context.seen().unfinished() <= 0));
  }

  private Mono<Void> until(BooleanSupplier condition) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, context.clock())
        .onBackpressureDrop()
        .filter(tick -> condition.getAsBoolean())
        .next()
        .then();
  }

  private long now() {
    return context.clock().now(TimeUnit.NANOSECONDS);
  }
}
