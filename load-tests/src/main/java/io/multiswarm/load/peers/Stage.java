package io.multiswarm.load.peers;

import java.util.List;
import java.util.Set;

/**
 * What a round is made of, in its order: ours and the others in turn, so that they see the same
 * machine.
 */
enum Stage {
  COLD("a fresh process", Means.FRESH_SERVER, PeerPart.COLD),
  BULLMQ_LIVES("whole lives, BullMQ", Means.DRIVER, PeerPart.TASKS),
  WEBSOCKET_LIVES("whole lives, WebSocket", Means.SERVER, PeerPart.TASKS, PeerPart.REDIS),
  JETSTREAM_LIVES("whole lives, JetStream", Means.DRIVER, PeerPart.TASKS),
  EMBEDDED_LIVES("whole lives, embedded", Means.REDIS, PeerPart.TASKS, PeerPart.SWARMS),
  MANY_SWARMS("whole lives, 10,000 swarms", Means.REDIS, PeerPart.SWARMS),
  BARE_LIVES("whole lives, bare scripts", Means.REDIS, PeerPart.REDIS),
  BULLMQ_PICKUP("500 tasks/s, BullMQ", Means.DRIVER, PeerPart.PICKUP),
  WEBSOCKET_PACED("500 tasks/s, WebSocket", Means.SERVER, PeerPart.PICKUP, PeerPart.REDIS),
  BARE_PACED("500 tasks/s, bare scripts", Means.REDIS, PeerPart.REDIS),
  BARE_MESSAGES("messages, bare script", Means.REDIS, PeerPart.MESSAGES),
  WEBSOCKET_MESSAGES("messages, WebSocket", Means.SERVER, PeerPart.MESSAGES),
  SOCKETIO_BROADCAST("20 broadcasts/s, socket.io", Means.DRIVER, PeerPart.BROADCAST),
  BROADCAST("20 broadcasts/s, WebSocket", Means.SERVER, PeerPart.BROADCAST),
  FAST_BROADCAST("50 broadcasts/s, WebSocket", Means.SERVER, PeerPart.BROADCAST);

  /** What it is played with. */
  enum Means {
    /** A server that has just been started. */
    FRESH_SERVER,
    /** The one server of all rounds. */
    SERVER,
    /** A Redis of its own. */
    REDIS,
    /** A program of Node, beside a Redis of its own. */
    DRIVER
  }

  private final String words;
  private final Means means;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<PeerPart> parts;

  Stage(String words, Means means, PeerPart... parts) {
    this.words = words;
    this.means = means;
    this.parts = List.of(parts);
  }

  String words() {
    return words;
  }

  Means means() {
    return means;
  }

  boolean isFor(Set<PeerPart> wanted) {
    return wanted.stream().anyMatch(parts::contains);
  }
}
