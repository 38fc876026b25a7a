package io.multiswarm.load.messages;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.pace.OpenLoopPacer;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Slot;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts messages on connections at a pace.
 *
 * @param warmup the beginning of the pace, whose times don't count
 * @param window how many messages of a connection may be without an answer; those that are due
 *     beyond it wait and grow old. In a saturating pace a message to everybody is on its way until
 *     its own sender has heard it: it is answered long before all have got it, and without this the
 *     harness would bury itself
 * @param senders at most so many connections are used, the first
 */
public record Traffic(Pace pace, Duration warmup, Mix mix, int window, int senders) {

  /** As many as the server allows. */
  private static final int WIDEST = 64;

  /** What has not come back by then is a matter of the ledger. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public Traffic {
    if (window < 1 || window > WIDEST) {
      throw new IllegalArgumentException(
          "The window is 1 to %d unanswered messages a session, not %d".formatted(WIDEST, window));
    }
    if (senders < 1) {
      throw new IllegalArgumentException("At least one session sends, not " + senders);
    }
    if (pace.duration().compareTo(warmup) <= 0) {
      throw new IllegalArgumentException("After the warm-up some time must be left to measure");
    }
  }

  /**
   * Completes when every message of the pace has been answered, one way or the other.
   *
   * @param channel in which a message is given its place
   */
  Mono<Void> flow(
      List<SenderConnection> connections,
      Function<TestMessage, String> channel,
      Observation observation) {
    long start = observation.nanoTime();
    observation.measureFrom(start + warmup.toNanos());
    int used = Math.min(senders, connections.size());
    return Flux.range(0, used)
        .flatMap(
            index ->
                flow(connections.get(index), pace.share(index, used), start, channel, observation),
            used)
        .then();
  }

  private Mono<Void> flow(
      SenderConnection connection,
      Pace share,
      long start,
      Function<TestMessage, String> channel,
      Observation observation) {
    return new OpenLoopPacer(connection.scheduler())
        .slots(share, start)
        .flatMap(slot -> send(connection, slot, channel, observation), window)
        .then()
        .subscribeOn(connection.scheduler());
  }

  private Mono<Void> send(
      SenderConnection connection,
      Slot slot,
      Function<TestMessage, String> channel,
      Observation observation) {
    TestMessage message = mix.message(connection.swarm(slot.index()), slot);
    observation.sent(message);
    Mono<Void> back =
        pace.saturates() && message.isForEverybody()
            ? connection.comesBack(message).timeout(PATIENCE, Mono.empty(), connection.scheduler())
            : Mono.empty();
    return connection
        .send(message)
        .doOnNext(position -> observation.accepted(channel.apply(message), message, position))
        .flatMap(any -> back)
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> observation.refused(fault)))
        .then();
  }
}
