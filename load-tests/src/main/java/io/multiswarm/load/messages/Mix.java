package io.multiswarm.load.messages;

import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.pace.Slot;

/**
 * Who writes to whom: how many of a hundred messages go to everybody, and how the others spread
 * over the swarms.
 */
public record Mix(int broadcastPercent, int swarms) {

  /** Coprime to most numbers of swarms, so that neighbours in time are no neighbours in number. */
  private static final int STRIDE = 7919;

  public Mix {
    if (broadcastPercent < 0 || broadcastPercent > 100) {
      throw new IllegalArgumentException(
          "Of a hundred messages 0 to 100 are broadcasts, not " + broadcastPercent);
    }
    if (swarms < 1) {
      throw new IllegalArgumentException("There is at least one swarm, not " + swarms);
    }
  }

  /**
   * The message that {@code sender} writes in this slot; over time every swarm writes to every
   * other.
   */
  TestMessage message(int sender, Slot slot) {
    var stamp = new Stamp(sender, slot.index(), slot.intendedNanos());
    if ((slot.index() * 37 + sender) % 100 < broadcastPercent) {
      return TestMessage.toEverybody(stamp);
    }
    return new TestMessage(stamp, (int) ((sender + 1 + slot.index() * STRIDE) % swarms));
  }

  @Override
  public String toString() {
    return switch (broadcastPercent) {
      case 0 -> "targeted";
      case 100 -> "broadcast";
      default ->
          "%d %% targeted, %d %% broadcast".formatted(100 - broadcastPercent, broadcastPercent);
    };
  }
}
