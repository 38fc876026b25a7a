package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.RedisObserver.Leadership;
import io.multiswarm.load.faults.RedisObserver.Write;
import io.multiswarm.load.faults.ServerSlot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How each fault is brought about and ended, and when the work has gone on after it. */
final class Strikes {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration LONGEST_ABSENCE = Duration.ofMillis(1500);
  private static final int SESSIONS_OF_A_PROCESS = 4;

  private final ChaosContext context;
  private final RedisStrikes redis;
  private final NetworkStrikes network;
  private final RedisObserver observer;
  private final List<WorkerSession> workers;
  private final BooleanSupplier allTaken;

  /**
   * @param allTaken whether there is nothing to submit at the moment
   */
  Strikes(
      ChaosContext context,
      Terrain terrain,
      List<WorkerSession> workers,
      BooleanSupplier allTaken) {
    this.context = context;
    this.redis = new RedisStrikes(terrain.redis(), context);
    this.network = new NetworkStrikes(terrain.relays(), context);
    this.observer = terrain.observer();
    this.workers = workers;
    this.allTaken = allTaken;
  }

  Mono<Void> strike(Strike strike) {
    return switch (strike) {
      case WORKERS -> Mono.fromRunnable(this::killWorkers);
      case LEADER -> killLeader();
      case REDIS -> survived(strike, redis.killed()).then(redis.whole());
      case STORM -> survived(strike, Mono.fromRunnable(this::cutAll));
      case ROLLING -> survived(strike, rolling());
      case FREEZE -> survived(strike, redis.frozen());
      case FULL -> survived(strike, redis.full());
      default -> survived(strike, network.disturbed(strike));
    };
  }

  /** From the beginning of a fault to the first assignment after its end. */
  private Mono<Void> survived(Strike strike, Mono<Void> fault) {
    return Mono.defer(
        () -> {
          long began = context.now();
          return fault.then(
              Mono.defer(
                  () ->
                      unlessAllIsDone(
                          observer
                              .writeAfter(context.now())
                              .doOnNext(
                                  write ->
                                      context.seen().recovered(strike, write.nanos() - began)))));
        });
  }

  private void killWorkers() {
    List<WorkerSession> targets = new ArrayList<>(workers);
    Collections.shuffle(targets, context.random());
    int count = Math.max(1, workers.size() / SESSIONS_OF_A_PROCESS);
    for (WorkerSession target : targets.subList(0, count)) {
      target.kill(Restart.values()[context.random().nextInt(Restart.values().length)]);
    }
  }

  private void cutAll() {
    workers.forEach(worker -> worker.kill(Restart.BACK_AT_ONCE));
  }

  /** Its successor need not be there when its place is taken; that nobody leads is time lost. */
  private Mono<Void> killLeader() {
    return observer
        .leadershipAfter(0)
        .filter(led -> context.slots().of(led.node()).isPresent())
        .repeatWhenEmpty(empty -> empty.delayElements(LOOK_AGAIN, context.clock()))
        .flatMap(
            led -> {
              long began = context.now();
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
                .doOnNext(write -> context.seen().recovered(Strike.LEADER, write.nanos() - began)));
    Mono<Void> another =
        slot.kill()
            .then(Mono.delay(context.anyTime(LONGEST_ABSENCE), context.clock()))
            .then(Mono.defer(slot::start));
    return Mono.when(workGoesOn, another);
  }

  private Mono<Void> rolling() {
    return Flux.fromIterable(context.slots().all())
        .concatMap(
            slot ->
                slot.stop()
                    .doOnNext(
                        code -> {
                          if (code != 0) {
                            context.seen().disorderly(code);
                          }
                        })
                    .then(Mono.defer(slot::start)),
            1)
        .then();
  }

  /** With nothing left to assign there is no sign of recovery, and nothing to wait for. */
  private Mono<Void> unlessAllIsDone(Mono<Write> sign) {
    return Mono.firstWithSignal(
        sign.then(), until(() -> allTaken.getAsBoolean() && context.seen().unfinished() <= 0));
  }

  Mono<Void> until(BooleanSupplier condition) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, context.clock())
        .onBackpressureDrop()
        .filter(tick -> condition.getAsBoolean())
        .next()
        .then();
  }
}
