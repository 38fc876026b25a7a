package io.multiswarm.internal.distribution;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.testing.Mutant;
import java.nio.file.Path;
import java.util.List;

/**
 * Mistakes in what threads say to each other on the road from a channel's stream to a subscriber.
 */
enum CursorMutant {
  /** What comes between the last look and this goes unnoticed. */
  HUNGRY_AFTER_THE_LAST_LOOK(
      ChannelCursor.class,
      "hungry.set(true); event = look(); if (event != null) { hungry.set(false); }",
      "event = look(); if (event == null) { hungry.set(true); }"),
  /** The subscriber looks, finds no page yet, and is not told again. */
  WOKEN_BEFORE_THE_PAGE_IS_THERE(
      ChannelCursor.class,
      "arrived = result; wakeIfHungry();",
      "wakeIfHungry(); arrived = result;"),
  /** Likewise with the position. */
  TOLD_BEFORE_THE_HEAD_HAS_MOVED(
      ChannelStream.class,
      "if (advance(position)) { observers.forEach(StreamObserver::advanced); }",
      "observers.forEach(StreamObserver::advanced); advance(position);"),
  /** Who came while somebody was draining is forgotten. */
  WAKE_UPS_DURING_A_DRAIN_DROPPED(
      ReaderFlux.class, "missed = wip.addAndGet(-missed);", "wip.set(0); missed = 0;"),
  /** Demand that came during a delivery is overwritten. */
  DEMAND_OVERWRITTEN(
      ReaderFlux.class,
      "if (requested.get() != Long.MAX_VALUE) { requested.decrementAndGet(); }",
      "requested.set(requested.get() - 1);"),
  /** Neither side sees that the subscriber left while its reader came. */
  LEFT_BEFORE_IT_BEGAN(
      ReaderFlux.class,
      "reader = begun; if (cancelled) { begun.cancel(); } else { drain(); }",
      "if (cancelled) { begun.cancel(); return; } reader = begun; drain();");

  /** What a mutant replaces is loaded anew together with what stands on it. */
  static final List<String> PACKAGES =
      List.of("io.multiswarm.internal.stream", "io.multiswarm.internal.distribution");

  private final Class<?> original;
  private final String place;
  private final String broken;

  CursorMutant(Class<?> original, String place, String broken) {
    this.original = original;
    this.place = place;
    this.broken = broken;
  }

  Mutant compile(Path directory) {
    return Mutant.compile(original, place, broken, directory);
  }
}
