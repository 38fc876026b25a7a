package io.multiswarm.load.peers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A figure that ours is asked to reach: so many times what another reached in the same run, or a
 * value where nobody else has one.
 *
 * @param name in the report
 * @param ours what is judged
 * @param yardstick what it is divided by
 * @param bound on which side of the limit it has to be
 * @param limit of the ratio
 */
record AskedFigure(
    PeerPart part, String name, Metric ours, Yardstick yardstick, Bound bound, double limit) {

  /**
   * In the order of the report. Limits of Redis's work are those of bare scripts on any machine.
   */
  static final List<AskedFigure> ALL =
      List.of(
          new AskedFigure(
              PeerPart.TASKS,
              "whole life of a task, embedded : BullMQ",
              Metric.EMBEDDED_LIVES,
              Yardstick.of(Metric.BULLMQ_LIVES),
              Bound.AT_LEAST,
              1.5),
          new AskedFigure(
              PeerPart.TASKS,
              "whole life of a task, embedded : JetStream",
              Metric.EMBEDDED_LIVES,
              Yardstick.of(Metric.JETSTREAM_LIVES),
              Bound.AT_LEAST,
              1),
          new AskedFigure(
              PeerPart.TASKS,
              "whole life of a task, WebSocket : BullMQ",
              Metric.WEBSOCKET_LIVES,
              Yardstick.of(Metric.BULLMQ_LIVES),
              Bound.AT_LEAST,
              1),
          new AskedFigure(
              PeerPart.REDIS,
              "Redis's CPU a task, saturated : bare scripts",
              Metric.WEBSOCKET_MICROS,
              Yardstick.of(Metric.BARE_MICROS),
              Bound.AT_MOST,
              1.6),
          new AskedFigure(
              PeerPart.REDIS,
              "Redis's CPU a task at 500/s : bare scripts",
              Metric.WEBSOCKET_MICROS_AT_RATE,
              Yardstick.of(Metric.BARE_MICROS_AT_RATE),
              Bound.AT_MOST,
              1.4),
          new AskedFigure(
              PeerPart.PICKUP,
              "p50 of pickup at 500/s : BullMQ",
              Metric.WEBSOCKET_PICKUP_P50,
              Yardstick.of(Metric.BULLMQ_PICKUP_P50),
              Bound.AT_MOST,
              0.7),
          new AskedFigure(
              PeerPart.PICKUP,
              "p99 of pickup at 500/s : BullMQ",
              Metric.WEBSOCKET_PICKUP_P99,
              Yardstick.of(Metric.BULLMQ_PICKUP_P99),
              Bound.AT_MOST,
              2),
          new AskedFigure(
              PeerPart.MESSAGES,
              "messages, WebSocket : bare script",
              Metric.WEBSOCKET_MESSAGES,
              Yardstick.of(Metric.BARE_MESSAGES),
              Bound.AT_LEAST,
              0.7),
          new AskedFigure(
              PeerPart.BROADCAST,
              "p50 of a broadcast to 1,000 at 20/s : socket.io",
              Metric.BROADCAST_P50,
              Yardstick.of(Metric.SOCKETIO_P50),
              Bound.AT_MOST,
              0.8),
          new AskedFigure(
              PeerPart.BROADCAST,
              "p99 of a broadcast to 1,000 at 20/s : socket.io",
              Metric.BROADCAST_P99,
              Yardstick.of(Metric.SOCKETIO_P99),
              Bound.AT_MOST,
              0.8),
          new AskedFigure(
              PeerPart.BROADCAST,
              "p99 of a broadcast to 1,000 at 50/s : 25 ms",
              Metric.FAST_BROADCAST_P99,
              Yardstick.of(25),
              Bound.AT_MOST,
              1),
          new AskedFigure(
              PeerPart.COLD,
              "fresh process, ready : 1.5 s",
              Metric.READY_MILLIS,
              Yardstick.of(1_500),
              Bound.AT_MOST,
              1),
          new AskedFigure(
              PeerPart.COLD,
              "fresh process, p99 of its first messages : 25 ms",
              Metric.COLD_P99,
              Yardstick.of(25),
              Bound.AT_MOST,
              1),
          new AskedFigure(
              PeerPart.SWARMS,
              "tasks with 10,000 swarms : with 100",
              Metric.EMBEDDED_LIVES_MANY_SWARMS,
              Yardstick.of(Metric.EMBEDDED_LIVES),
              Bound.AT_LEAST,
              0.9));

  /** The side of a limit on which a ratio holds. */
  enum Bound {
    AT_LEAST,
    AT_MOST;

    boolean holds(double ratio, double limit) {
      return this == AT_LEAST ? ratio >= limit : ratio <= limit;
    }

    @Override
    public String toString() {
      return this == AT_LEAST ? "at least" : "at most";
    }
  }

  /** What ours is divided by, given the medians. */
  interface Yardstick extends ToDoubleFunction<Map<Metric, Double>> {

    static Yardstick of(Metric other) {
      return medians -> medians.getOrDefault(other, 0.0);
    }

    static Yardstick of(double value) {
      return medians -> value;
    }
  }

  /**
   * What became of it.
   *
   * @param ratio of ours to the yardstick
   */
  record Finding(AskedFigure figure, double ours, double yardstick, double ratio) {

    boolean holds() {
      return figure.bound().holds(ratio, figure.limit());
    }

    /** For people: the ratio, what was asked, and of what it is the ratio. */
    String words() {
      return String.format(
          Locale.ROOT,
          "%.2f, asked %s %.1f: %s   (%s : %s)",
          ratio,
          figure.bound(),
          figure.limit(),
          holds() ? "holds" : "DOES NOT HOLD",
          shown(ours),
          shown(yardstick));
    }

    private static String shown(double value) {
      return String.format(Locale.ROOT, value < 100 ? "%,.2f" : "%,.0f", value);
    }
  }

  /** Empty when one of the two was not measured. */
  Optional<Finding> in(Map<Metric, Double> medians) {
    double own = medians.getOrDefault(ours, 0.0);
    double other = yardstick.applyAsDouble(medians);
    return own > 0 && other > 0
        ? Optional.of(new Finding(this, own, other, own / other))
        : Optional.empty();
  }
}
