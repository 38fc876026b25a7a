package io.multiswarm.server.websocket;

import java.time.Duration;

/**
 * How long a connection may take for what.
 *
 * @param open from the handshake to an opened session
 * @param pingInterval between two pings
 * @param pong from a ping to any sign of life
 * @param assembly from the beginning of a message to its end
 * @param stuck accepting nothing while something waits
 * @param lastWords for the close frame to leave, after what waits before it
 */
record SocketTimings(
    Duration open,
    Duration pingInterval,
    Duration pong,
    Duration assembly,
    Duration stuck,
    Duration lastWords) {

  static SocketTimings of(Duration open, Duration pingInterval, Duration assembly) {
    return new SocketTimings(
        open,
        pingInterval,
        Duration.ofSeconds(10),
        assembly,
        Duration.ofSeconds(30),
        Duration.ofSeconds(15));
  }
}
