package io.multiswarm.load.messages;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.pace.OpenLoopPacer;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Slot;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts letters on the lanes of a road at a pace.
 *
 * @param warmup the beginning of the pace, whose times don't count
 * @param window how many letters of a lane may be without an answer; those that are due beyond it
 *     wait and grow old
 */
public record Traffic(Pace pace, Duration warmup, Mix mix, int window) {

  /** As many as the server allows. */
  private static final int WIDEST = 64;

  public Traffic {
    if (window < 1 || window > WIDEST) {
      throw new IllegalArgumentException(
          "The window is 1 to %d unanswered messages a session, not %d".formatted(WIDEST, window));
    }
    if (pace.duration().compareTo(warmup) <= 0) {
      throw new IllegalArgumentException("After the warm-up some time must be left to measure");
    }
  }

  /** Completes when every letter of the pace has been answered, one way or the other. */
  Mono<Void> flow(Road road, List<Lane> lanes, Observation observation) {
    long start = observation.nanoTime();
    observation.measureFrom(start + warmup.toNanos());
    return Flux.range(0, lanes.size())
        .flatMap(
            index ->
                flow(road, lanes.get(index), pace.share(index, lanes.size()), start, observation),
            lanes.size())
        .then();
  }

  private Mono<Void> flow(Road road, Lane lane, Pace share, long start, Observation observation) {
    return new OpenLoopPacer(lane.scheduler())
        .slots(share, start)
        .flatMap(slot -> carry(road, lane, slot, observation), window)
        .then()
        .subscribeOn(lane.scheduler());
  }

  private Mono<Void> carry(Road road, Lane lane, Slot slot, Observation observation) {
    Letter letter = mix.letter(lane.sender(slot.index()), slot);
    observation.sent(letter);
    return lane.carry(letter)
        .doOnNext(position -> observation.accepted(road.channel(letter), letter, position))
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> observation.refused(fault)))
        .then();
  }
}
