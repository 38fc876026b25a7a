package io.multiswarm.load.chaos;

import io.multiswarm.load.target.RedisProcess;
import io.multiswarm.load.witness.RedisEar;
import io.multiswarm.load.witness.RedisEar.Leadership;
import io.multiswarm.load.witness.RedisEar.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Kills one after the other, and has started again what was killed. */
final class Executioner {

  /** Whatever takes longer than that does not come any more. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration LONGEST_ABSENCE = Duration.ofMillis(1500);
  private static final int SESSIONS_OF_A_PROCESS = 4;

  private final Ground ground;
  private final RedisProcess redis;
  private final RedisEar ear;
  private final List<WorkerSession> workers;
  private final Numbers numbers;

  Executioner(
      Ground ground,
      RedisProcess redis,
      RedisEar ear,
      List<WorkerSession> workers,
      Numbers numbers) {
    this.ground = ground;
    this.redis = redis;
    this.ear = ear;
    this.workers = workers;
    this.numbers = numbers;
  }

  /**
   * Completes after the last blow. Tasks are held back meanwhile, so that none is the last before
   * that.
   */
  Mono<Void> strikeAll() {
    ChaosScenario.Plan plan = ground.plan();
    List<Blow> blows = Blow.schedule(plan.kills(), plan.tasks(), ground.random());
    return Flux.range(0, blows.size())
        .concatMap(number -> strike(blows.get(number), number + 1, blows.size()), 1)
        .then(Mono.fromRunnable(() -> numbers.allow(plan.tasks())));
  }

  private Mono<Void> strike(Blow blow, int number, int all) {
    return Mono.defer(
            () -> {
              numbers.allow(blow.after() + ground.plan().crowd().unfinished());
              return until(() -> ground.seen().completedCount() >= blow.after());
            })
        .then(Mono.defer(() -> strike(blow.victim())))
        .timeout(PATIENCE, ground.clock())
        .onErrorMap(
            error ->
                new IllegalStateException(
                    "Blow %d of %d (%s): %s".formatted(number, all, blow.victim().title(), error),
                    error))
        .doOnSuccess(
            done ->
                ground.stage().say("%4d of %d  killed: %s%n", number, all, blow.victim().title()));
  }

  private Mono<Void> strike(Victim victim) {
    return switch (victim) {
      case WORKERS -> Mono.fromRunnable(this::killWorkers);
      case LEADER -> killLeader();
      case REDIS -> killRedis();
    };
  }

  private void killWorkers() {
    List<WorkerSession> victims = new ArrayList<>(workers);
    Collections.shuffle(victims, ground.random());
    int count = Math.max(1, workers.size() / SESSIONS_OF_A_PROCESS);
    for (WorkerSession victim : victims.subList(0, count)) {
      victim.kill(Fate.values()[ground.random().nextInt(Fate.values().length)]);
    }
  }

  /** Its successor need not be there when its place is taken; that nobody leads is time lost. */
  private Mono<Void> killLeader() {
    return ear.leadershipAfter(0)
        .filter(led -> ground.places().of(led.node()).isPresent())
        .repeatWhenEmpty(empty -> empty.delayElements(LOOK_AGAIN, ground.clock()))
        .flatMap(
            led -> {
              long began = now();
              return ground
                  .places()
                  .of(led.node())
                  .map(place -> replaced(place, led, began))
                  .orElseGet(Mono::empty);
            });
  }

  private Mono<Void> replaced(Place place, Leadership led, long began) {
    Mono<Void> workGoesOn =
        unlessAllIsDone(
            ear.writeSince(led.epoch() + 1)
                .doOnNext(write -> ground.seen().recovered(Victim.LEADER, write.nanos() - began)));
    Mono<Void> another =
        place
            .kill()
            .then(Mono.delay(ground.anyTime(LONGEST_ABSENCE), ground.clock()))
            .then(Mono.defer(place::start));
    return Mono.when(workGoesOn, another);
  }

  private Mono<Void> killRedis() {
    return Mono.defer(
        () -> {
          long began = now();
          return redis
              .kill()
              .then(Mono.delay(ground.anyTime(LONGEST_ABSENCE), ground.clock()))
              .then(Mono.defer(() -> redis.restart(ground.clock())))
              .then(
                  Mono.defer(
                      () ->
                          unlessAllIsDone(
                              ear.writeAfter(now())
                                  .doOnNext(
                                      write ->
                                          ground
                                              .seen()
                                              .recovered(Victim.REDIS, write.nanos() - began)))));
        });
  }

  /** With nothing left to assign there is no sign of recovery, and nothing to wait for. */
  private Mono<Void> unlessAllIsDone(Mono<Write> sign) {
    return Mono.firstWithSignal(
        sign.then(), until(() -> numbers.areAllTaken() && ground.seen().unfinished() <= 0));
  }

  private Mono<Void> until(BooleanSupplier condition) {
    return Flux.interval(Duration.ZERO, LOOK_AGAIN, ground.clock())
        .onBackpressureDrop()
        .filter(tick -> condition.getAsBoolean())
        .next()
        .then();
  }

  private long now() {
    return ground.clock().now(TimeUnit.NANOSECONDS);
  }
}
