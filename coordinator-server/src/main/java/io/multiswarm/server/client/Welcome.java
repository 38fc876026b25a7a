package io.multiswarm.server.client;

import io.multiswarm.common.Json;
import java.time.Duration;

/**
 * What the answer of {@code session.open} says of the server.
 *
 * @param longest bytes that it takes in one message
 * @param silence after so long without a word its connection is dead
 */
record Welcome(int longest, Duration silence) {

  /** Of a server that does not say what it takes. */
  static final int MAX_FRAME = 64 << 20;

  /** Three pings of the server's default. */
  static final Duration SILENCE = Duration.ofSeconds(75);

  private static final int PINGS_MISSED = 3;

  static Welcome read(Json answer) {
    Json limits = answer.members().getOrDefault("limits", Json.EMPTY_OBJECT);
    Json bytes = limits.members().get("maxFrameBytes");
    Json interval = answer.members().get("pingIntervalMs");
    Duration pings = Duration.ofMillis(interval == null ? 0 : interval.as(Long.class));
    Duration missed = pings.multipliedBy(PINGS_MISSED);
    return new Welcome(
        bytes == null ? MAX_FRAME : bytes.as(Integer.class),
        missed.compareTo(SILENCE) > 0 ? missed : SILENCE);
  }
}
