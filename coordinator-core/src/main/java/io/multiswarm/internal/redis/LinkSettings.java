package io.multiswarm.internal.redis;

import java.time.Duration;

/**
 * How the connections behave.
 *
 * @param commandTimeout without any answer, after which the outcome of what waits is unknown
 * @param repeatFor how long a call that met a broken connection is repeated before it fails
 * @param reconnectMin delay before the first attempt to reconnect
 * @param reconnectMax longest delay between attempts
 * @param requestQueue commands without an answer at most, a connection
 * @param pingInterval between probes of the subscriber connection
 * @param suspectAfter timeouts or unanswered probes in a row after which all connections are
 *     dropped and made anew
 */
public record LinkSettings(
    Duration commandTimeout,
    Duration repeatFor,
    Duration reconnectMin,
    Duration reconnectMax,
    int requestQueue,
    Duration pingInterval,
    int suspectAfter) {

  /** Half a second a command: a frozen Redis is told to callers within 600 ms. */
  public static LinkSettings defaults() {
    return new LinkSettings(
        Duration.ofMillis(500),
        Duration.ofMillis(400),
        Duration.ofMillis(50),
        Duration.ofSeconds(2),
        4_096,
        Duration.ofSeconds(1),
        3);
  }
}
