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
 * Puts letters on lanes at a pace.
 *
 * @param warmup the beginning of the pace, whose times don't count
 * @param window how many letters of a lane may be without an answer; those that are due beyond it
 *     wait and grow old. In a saturating pace a letter to everybody is on its way until its own
 *     sender has heard it: it is answered long before all have got it, and without this the harness
 *     would bury itself
 * @param senders at most so many lanes are used, the first
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
   * Completes when every letter of the pace has been answered, one way or the other.
   *
   * @param channel in which a letter is given its place
   */
  Mono<Void> flow(List<Lane> lanes, Function<Letter, String> channel, Observation observation) {
    long start = observation.nanoTime();
    observation.measureFrom(start + warmup.toNanos());
    int used = Math.min(senders, lanes.size());
    return Flux.range(0, used)
        .flatMap(
            index -> flow(lanes.get(index), pace.share(index, used), start, channel, observation),
            used)
        .then();
  }

  private Mono<Void> flow(
      Lane lane,
      Pace share,
      long start,
      Function<Letter, String> channel,
      Observation observation) {
    return new OpenLoopPacer(lane.scheduler())
        .slots(share, start)
        .flatMap(slot -> carry(lane, slot, channel, observation), window)
        .then()
        .subscribeOn(lane.scheduler());
  }

  private Mono<Void> carry(
      Lane lane, Slot slot, Function<Letter, String> channel, Observation observation) {
    Letter letter = mix.letter(lane.sender(slot.index()), slot);
    observation.sent(letter);
    Mono<Void> back =
        pace.saturates() && letter.isForEverybody()
            ? lane.comesBack(letter).timeout(PATIENCE, Mono.empty(), lane.scheduler())
            : Mono.empty();
    return lane.carry(letter)
        .doOnNext(position -> observation.accepted(channel.apply(letter), letter, position))
        .flatMap(any -> back)
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> observation.refused(fault)))
        .then();
  }
}
