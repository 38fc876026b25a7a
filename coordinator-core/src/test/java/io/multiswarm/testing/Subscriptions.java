package io.multiswarm.testing;

import io.multiswarm.messaging.Channels;
import java.time.Duration;

/** What the channels of a node have subscribed. */
public final class Subscriptions {

  private Subscriptions() {}

  /**
   * What was subscribed before is heard when this returns. Acknowledgements and the positions that
   * are read after them come in order, so those of one more channel are the last.
   */
  public static void await(Channels channels, Duration atMost) {
    channels.subscribe("swarm:last", null, () -> {}).block(atMost).reader().cancel();
  }
}
