package io.multiswarm.load.peers;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What a driver is told, and the numbers of its answer.
 *
 * @param what of the things that the driver knows
 * @param numbers the names that the driver gives them
 */
record DrivenRun(
    String driver, String what, Map<String, Object> arguments, Map<Metric, String> numbers) {

  private static final int TASKS = 20_000;

  /** What a driver of lives does before that. */
  private static final int WARM_UP = 5_000;

  /** BullMQ on a Redis that listens at a port. */
  static DrivenRun bullmqLives(int port) {
    return new DrivenRun(
        "bullmq",
        "life",
        Map.of("port", port, "warm-up", WARM_UP, "count", TASKS),
        Map.of(
            Metric.BULLMQ_ADDED, "add",
            Metric.BULLMQ_PROCESSED, "process",
            Metric.BULLMQ_LIVES, "life",
            Metric.BULLMQ_NODE_MICROS, "micros"));
  }

  /** The same. */
  static DrivenRun bullmqPickup(int port, Lengths lengths) {
    return new DrivenRun(
        "bullmq",
        "pickup",
        Map.of(
            "port",
            port,
            "rate",
            OwnRuns.TASK_RATE,
            "warm-up",
            lengths.warmUpSeconds(),
            "seconds",
            lengths.measuredSeconds()),
        Map.of(Metric.BULLMQ_PICKUP_P50, "p50", Metric.BULLMQ_PICKUP_P99, "p99"));
  }

  /** JetStream of a nats-server of its own. */
  static DrivenRun jetStreamLives(Path natsServer) {
    return new DrivenRun(
        "jetstream",
        "life",
        Map.of("nats-server", natsServer, "warm-up", WARM_UP, "count", TASKS),
        Map.of(
            Metric.JETSTREAM_PUBLISHED, "publish",
            Metric.JETSTREAM_CONSUMED, "consume",
            Metric.JETSTREAM_LIVES, "life"));
  }

  static DrivenRun socketIoBroadcast(Lengths lengths) {
    return new DrivenRun(
        "socketio",
        "broadcast",
        Map.of(
            "sockets",
            OwnRuns.LISTENERS,
            "rate",
            OwnRuns.BROADCAST_RATE,
            "warm-up",
            lengths.warmUpSeconds(),
            "seconds",
            lengths.measuredSeconds()),
        Map.of(Metric.SOCKETIO_P50, "p50", Metric.SOCKETIO_P99, "p99"));
  }

  /** All the lives of a run that lives them. */
  static long lives() {
    return WARM_UP + TASKS;
  }

  Mono<StageResult> by(PeerDrivers drivers) {
    return drivers.run(driver, what, arguments).map(this::result);
  }

  private StageResult result(DriverAnswer answer) {
    Map<Metric, Double> measured = new EnumMap<>(Metric.class);
    numbers.forEach((metric, name) -> measured.put(metric, answer.number(name)));
    return StageResult.of(measured);
  }
}
