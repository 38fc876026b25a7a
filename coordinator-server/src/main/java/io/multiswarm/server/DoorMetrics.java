package io.multiswarm.server;

import io.micrometer.core.instrument.Timer;
import io.multiswarm.server.http.Metrics;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.function.Supplier;

/** What {@code /metrics} tells of connections and sessions. */
final class DoorMetrics {

  /** From what nobody notices to where leases are in danger. */
  private static final Duration[] DELAYS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2_500)
  };

  private DoorMetrics() {}

  /** Measures how long the threads of connections take to come to what they are given. */
  static Supplier<Runnable> stopwatch(Metrics metrics) {
    Timer delays =
        Timer.builder("multiswarm.node.loop.delay")
            .description("How long a question waited that each thread is asked each second")
            .serviceLevelObjectives(DELAYS)
            .register(metrics.registry());
    return () -> {
      Timer.Sample asked = Timer.start(metrics.registry());
      return () -> asked.stop(delays);
    };
  }

  static void addTo(Metrics metrics, WebSocketEndpoint webSocket, SessionDirectory sessions) {
    metrics
        .gauge(
            "multiswarm.connections",
            "WebSocket connections",
            webSocket,
            WebSocketEndpoint::connectionCount)
        .gauge("multiswarm.sessions", "Sessions of connections", sessions, SessionDirectory::size)
        .gauge(
            "multiswarm.node.buffer.bytes",
            "Held for connections: unfinished messages, requests under way, unread answers",
            sessions.buffers(),
            NodeBuffers::held)
        .counter(
            "multiswarm.connections.closed.for.room",
            "Connections that held most when NODE_BUFFER_BYTES was reached",
            sessions.buffers(),
            NodeBuffers::closedForRoom);
    for (int status : WebSocketEndpoint.REFUSALS) {
      metrics.counter(
          "multiswarm.handshakes.refused",
          "Connections that did not become a session's, by the HTTP status of the answer",
          new Metrics.Label("status", Integer.toString(status)),
          webSocket,
          endpoint -> endpoint.refused(status));
    }
  }
}
