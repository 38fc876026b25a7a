package io.multiswarm.load.peers;

import io.multiswarm.load.peers.PeersScenario.Plan;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisProcess;
import io.multiswarm.load.target.RedisProcess.Sync;
import io.multiswarm.load.target.RunningServer;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All stages once. Those of the server share one of its processes on one Redis; each of the others
 * has a Redis of its own, of the same program.
 */
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

  /** A result when a stage has ended; the next begins then. */
  Flux<StageResult> results() {
    return plan.needs(Stage.Means.SERVER)
        ? Flux.usingWhen(redis(), this::withServer, RedisProcess::close)
        : stages(Optional.empty());
  }

  private Mono<RedisProcess> redis() {
    Path program = drivers.program(PeersScenario.REDIS_SERVER);
    return RedisProcess.start(program, Sync.EVERYSEC, context.clock());
  }

  private Flux<StageResult> withServer(RedisProcess redis) {
    List<String> flags = new ArrayList<>(plan.server().flags());
    flags.addAll(List.of("--redis-url", redis.uri().toString()));
    return Flux.defer(
        () -> {
          long began = now();
          return Flux.usingWhen(
              ServerProcess.start(plan.server().jar(), flags, context.http(), context.clock()),
              server -> stages(Optional.of(new Started(server, now() - began))),
              ServerProcess::close);
        });
  }

  private long now() {
    return context.clock().now(TimeUnit.NANOSECONDS);
  }

  /** The round's server, and how long it took until it was ready. */
  private record Started(Target server, long nanos) {}

  private Flux<StageResult> stages(Optional<Started> server) {
    return Flux.fromIterable(plan.stages())
        .concatMap(
            stage ->
                Mono.defer(() -> played(stage, server))
                    .doOnSubscribe(any -> context.mark(stage.words()))
                    .doOnNext(result -> tell(stage, result)),
            1);
  }

  private Mono<StageResult> played(Stage stage, Optional<Started> server) {
    return switch (stage.means()) {
      case SERVER -> server(stage, server.orElseThrow());
      case REDIS -> Mono.usingWhen(redis(), redis -> bare(stage, redis), RedisProcess::close);
      case DRIVER -> Mono.usingWhen(redis(), redis -> driven(stage, redis), RedisProcess::close);
    };
  }

  private Mono<StageResult> server(Stage stage, Started started) {
    return ours.of(stage)
        .on(started.server(), context)
        .map(
            result ->
                stage == Stage.COLD ? result.with(Metric.READY_MILLIS, millis(started)) : result);
  }

  private static double millis(Started started) {
    return started.nanos() / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private Mono<StageResult> bare(Stage stage, RedisProcess redis) {
    return ours.of(stage).on(new RunningServer(NOWHERE, Optional.of(redis.uri())), context);
  }

  private Mono<StageResult> driven(Stage stage, RedisProcess redis) {
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
    return run.by(drivers);
  }

  private void tell(Stage stage, StageResult result) {
    context.say("%4.0f s  %s%n", context.seconds(), stage.words());
    new EnumMap<>(result.measured())
        .forEach((metric, value) -> context.say("        %-60s %,12.2f%n", metric.words(), value));
    result.defects().forEach(defect -> context.say("        BROKEN: %s%n", defect));
  }
}
