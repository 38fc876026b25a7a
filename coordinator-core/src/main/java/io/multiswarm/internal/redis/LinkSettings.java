package io.multiswarm.internal.redis;

import io.multiswarm.common.CoordinationOptions;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * How the connections behave.
 *
 * @param commandTimeout without any answer, after which the outcome of what waits is unknown
 * @param controlTimeout likewise, on the connection of election and liveness
 * @param repeatFor how long a call that met a broken connection is repeated before it fails
 * @param reconnectMin delay before the first attempt to reconnect
 * @param reconnectMax longest delay between attempts
 * @param handshake what a connection may take until Redis has answered its first commands; one that
 *     is accepted and hears nothing is given up, and made anew
 * @param requestQueue commands without an answer at most, a connection
 * @param pingInterval between probes of the subscriber connection
 * @param suspectAfter timeouts or unanswered probes in a row after which all connections are
 *     dropped and made anew
 * @param replicas that must have what was written before it counts as answered; 0 for none
 */
public record LinkSettings(
    Duration commandTimeout,
    Duration controlTimeout,
    Duration repeatFor,
    Duration reconnectMin,
    Duration reconnectMax,
    Duration handshake,
    int requestQueue,
    Duration pingInterval,
    int suspectAfter,
    int replicas) {

  /**
   * Half a second a command: a frozen Redis is told to callers within 600 ms. A handshake and a
   * pause together are what an outage may cost beyond its own length.
   */
  public static LinkSettings defaults() {
    return new LinkSettings(
        Duration.ofMillis(500),
        Duration.ofMillis(500),
        Duration.ofMillis(400),
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofMillis(1_500),
        4_096,
        Duration.ofSeconds(1),
        3,
        0);
  }

  /**
   * The defaults, with a control timeout of which two fit into the shortest renewal of a lease: one
   * that is not answered can be repeated before the next is due.
   */
  public static LinkSettings of(CoordinationOptions.Liveness liveness) {
    LinkSettings defaults = defaults();
    Duration half = liveness.shortestRenewal().dividedBy(2);
    return half.compareTo(defaults.controlTimeout) < 0
        ? defaults.withTimeouts(defaults.commandTimeout, half)
        : defaults;
  }

  /** Tries again for ever to connect, with pauses that grow. */
  RetryBackoffSpec reconnecting(Scheduler scheduler) {
    return Retry.backoff(Long.MAX_VALUE, reconnectMin)
        .maxBackoff(reconnectMax)
        .scheduler(scheduler);
  }

  /**
   * Those of the connection of election and liveness. A lease that is lost with a master ends
   * early, and the next has a higher epoch: none waits for replicas.
   */
  LinkSettings forControl() {
    return withTimeouts(controlTimeout, controlTimeout).withReplicas(0);
  }

  /**
   * How long replicas are waited for. Redis reads nothing more of the connection meanwhile, so it
   * ends before the connection counts as stalled.
   */
  Duration replicationTimeout() {
    return commandTimeout.dividedBy(2);
  }

  /** The same, more or less patient. */
  public LinkSettings withTimeouts(Duration command, Duration control) {
    return new LinkSettings(
        command,
        control,
        repeatFor,
        reconnectMin,
        reconnectMax,
        handshake,
        requestQueue,
        pingInterval,
        suspectAfter,
        replicas);
  }

  /** The same, with another number of replicas that confirm what is written. */
  public LinkSettings withReplicas(int changed) {
    return new LinkSettings(
        commandTimeout,
        controlTimeout,
        repeatFor,
        reconnectMin,
        reconnectMax,
        handshake,
        requestQueue,
        pingInterval,
        suspectAfter,
        changed);
  }
}
