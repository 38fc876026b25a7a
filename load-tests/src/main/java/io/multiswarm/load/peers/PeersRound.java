package io.multiswarm.load.peers;

import io.multiswarm.load.peers.PeersScenario.Plan;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.GroupedTarget;
import io.multiswarm.load.target.RedisServerProcess;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.RunningServer;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All stages once, each that needs Redis on one of its own, but for the server's. */
final class PeersRound {

  private static final URI NOWHERE = URI.create("ws://nowhere.invalid");

  private final Plan plan;
  private final OwnRuns ours;
  private final PeerDrivers drivers;
  private final ScenarioContext context;

  PeersRound(Plan plan, OwnRuns ours, PeerDrivers drivers, ScenarioContext context) {
    this.plan = plan;
    this.ours = ours;
    this.drivers = drivers;
    this.context = context;
  }

  /** A server that was started, and how long it took until it was ready. */
  record Started(Target server, long nanos) {

    Mono<Void> close() {
      return server.close();
    }

    private double millis() {
      return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
  }

  /** On a Redis of its own. */
  Mono<Started> startServer() {
    return redis()
        .flatMap(
            redis ->
                startServer(redis).onErrorResume(error -> redis.close().then(Mono.error(error))));
  }

  private Mono<Started> startServer(RedisServerProcess redis) {
    long began = now();
    var server = plan.server();
    return ServerProcess.start(
            server.jar(), redis.uri(), server.flags(), context.http(), context.clock())
        .map(started -> new GroupedTarget(started, redis, redis.uri()))
        .map(target -> new Started(target, now() - began));
  }

  private long now() {
    return context.clock().now(TimeUnit.NANOSECONDS);
  }

  private Mono<RedisServerProcess> redis() {
    Path program = drivers.program(PeersScenario.REDIS_SERVER);
    return RedisServerProcess.start(program, Sync.EVERYSEC, context.clock());
  }

  /**
   * A result when a stage has ended; the next begins then. One that could not be measured is a
   * defect, and the others go on.
   *
   * @param server that is warm from one round to the next; none where no stage needs it
   */
  Flux<StageResult> results(Optional<Started> server) {
    return Flux.fromIterable(plan.stages())
        .concatMap(
            stage ->
                Mono.defer(() -> played(stage, server))
                    .onErrorResume(error -> Mono.just(failed(stage, error)))
                    .doOnSubscribe(any -> context.mark(stage.words()))
                    .doOnNext(result -> tell(stage, result)),
            1);
  }

  private static StageResult failed(Stage stage, Throwable error) {
    return new StageResult(
        Map.of(), List.of("%s could not be measured: %s".formatted(stage.words(), error)));
  }

  private Mono<StageResult> played(Stage stage, Optional<Started> server) {
    return switch (stage.means()) {
      case FRESH_SERVER -> Mono.usingWhen(startServer(), this::fresh, Started::close);
      case SERVER -> ours.of(stage).on(server.orElseThrow().server(), context);
      case REDIS -> Mono.usingWhen(redis(), redis -> bare(stage, redis), RedisServerProcess::close);
      case DRIVER ->
          Mono.usingWhen(redis(), redis -> driven(stage, redis), RedisServerProcess::close);
    };
  }

  private Mono<StageResult> fresh(Started started) {
    return ours.of(Stage.COLD)
        .on(started.server(), context)
        .map(result -> result.with(Metric.READY_MILLIS, started.millis()));
  }

  private Mono<StageResult> bare(Stage stage, RedisServerProcess redis) {
    return ours.of(stage).on(new RunningServer(NOWHERE, Optional.of(redis.uri())), context);
  }

  private Mono<StageResult> driven(Stage stage, RedisServerProcess redis) {
    int port = redis.uri().getPort();
    DrivenRun run =
        switch (stage) {
          case BULLMQ_LIVES -> DrivenRun.bullmqLives(port);
          case BULLMQ_PICKUP -> DrivenRun.bullmqPickup(port, plan.lengths());
          case JETSTREAM_LIVES ->
              DrivenRun.jetStreamLives(drivers.program(PeersScenario.NATS_SERVER));
          case SOCKETIO_BROADCAST -> DrivenRun.socketIoBroadcast(plan.lengths());
          default -> throw new IllegalArgumentException(stage.words() + " has no driver");
        };
    return stage == Stage.BULLMQ_LIVES ? metered(run.by(drivers), redis) : run.by(drivers);
  }

  /** With what Redis did for it, which depends less than times on what else the machine does. */
  private Mono<StageResult> metered(Mono<StageResult> lives, RedisServerProcess redis) {
    return CostMeter.start(context.on(new RunningServer(NOWHERE, Optional.of(redis.uri()))))
        .flatMap(
            meter ->
                lives.flatMap(
                    result ->
                        meter
                            .perThing(DrivenRun.lives())
                            .map(costs -> result.with(Metric.BULLMQ_MICROS, ofRedis(costs)))));
  }

  private static double ofRedis(Costs costs) {
    return costs.micros().getOrDefault("redis", 0.0);
  }

  private void tell(Stage stage, StageResult result) {
    context.say("%4.0f s  %s%n", context.seconds(), stage.words());
    for (Metric metric : Metric.values()) {
      Double value = result.measured().get(metric);
      if (value != null) {
        context.say("        %-60s %,12.2f%n", metric.words(), value);
      }
    }
    result.defects().forEach(defect -> context.say("        BROKEN: %s%n", defect));
  }
}
