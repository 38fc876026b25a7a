package io.multiswarm.server;

import io.multiswarm.server.http.Metrics;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.websocket.WebSocketEndpoint;

/** What {@code /metrics} tells of connections and sessions. */
final class DoorMetrics {

  private DoorMetrics() {}

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
