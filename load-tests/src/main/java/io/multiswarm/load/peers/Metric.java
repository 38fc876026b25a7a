package io.multiswarm.load.peers;

/** What is measured once a round, in the words of the report. */
enum Metric {
  BULLMQ_ADDED("BullMQ, added a second"),
  BULLMQ_PROCESSED("BullMQ, processed a second"),
  BULLMQ_LIVES("BullMQ, whole lives a second"),
  BULLMQ_MICROS("BullMQ, µs of Redis a task, saturated"),
  BULLMQ_NODE_MICROS("BullMQ, µs of Node a task, saturated"),
  JETSTREAM_PUBLISHED("JetStream, published a second"),
  JETSTREAM_CONSUMED("JetStream, consumed and acknowledged a second"),
  JETSTREAM_LIVES("JetStream, whole lives a second"),
  BARE_LIVES("bare scripts, whole lives a second"),
  BARE_MICROS("bare scripts, µs of Redis a task, saturated"),
  EMBEDDED_LIVES("embedded, whole lives a second"),
  EMBEDDED_MICROS("embedded, µs of Redis a task, saturated"),
  EMBEDDED_JAVA_MICROS("embedded, µs of the process a task, saturated"),
  EMBEDDED_MICROS_MANY_SWARMS("embedded, µs of Redis a task with 10,000 swarms"),
  EMBEDDED_LIVES_MANY_SWARMS("embedded, whole lives a second with 10,000 swarms"),
  WEBSOCKET_LIVES("WebSocket, whole lives a second"),
  WEBSOCKET_MICROS("WebSocket, µs of Redis a task, saturated"),
  WEBSOCKET_SERVER_MICROS("WebSocket, µs of the server a task, saturated"),
  WEBSOCKET_COMMANDS("WebSocket, Redis commands a task, saturated"),
  BULLMQ_PICKUP_P50("BullMQ, p50 in ms of pickup at 500/s"),
  BULLMQ_PICKUP_P99("BullMQ, p99 in ms of pickup at 500/s"),
  BARE_MICROS_AT_RATE("bare scripts, µs of Redis a task at 500/s"),
  WEBSOCKET_MICROS_AT_RATE("WebSocket, µs of Redis a task at 500/s"),
  WEBSOCKET_COMMANDS_AT_RATE("WebSocket, Redis commands a task at 500/s"),
  WEBSOCKET_ROUND_TRIPS_AT_RATE("WebSocket, round trips a task at 500/s"),
  WEBSOCKET_PICKUP_P50("WebSocket, p50 in ms of pickup at 500/s"),
  WEBSOCKET_PICKUP_P99("WebSocket, p99 in ms of pickup at 500/s"),
  BARE_MESSAGES("bare script, messages a second"),
  WEBSOCKET_MESSAGES("WebSocket, messages a second"),
  SOCKETIO_P50("socket.io, p50 in ms of a broadcast at 20/s"),
  SOCKETIO_P99("socket.io, p99 in ms of a broadcast at 20/s"),
  BROADCAST_P50("WebSocket, p50 in ms of a broadcast at 20/s"),
  BROADCAST_P99("WebSocket, p99 in ms of a broadcast at 20/s"),
  FAST_BROADCAST_P50("WebSocket, p50 in ms of a broadcast at 50/s"),
  FAST_BROADCAST_P99("WebSocket, p99 in ms of a broadcast at 50/s"),
  READY_MILLIS("fresh process, ms until it is ready"),
  COLD_P99("fresh process, p99 in ms of its first messages, 1,000/s");

  private final String words;

  Metric(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
