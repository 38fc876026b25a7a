package io.multiswarm.internal.stream;

import io.multiswarm.messaging.Position;
import java.util.function.Consumer;

/** Makes streams without Redis, for tests of what stands on them. */
public final class Streams {

  private Streams() {}

  public static ChannelStream of(
      String channel, StreamCounters counters, Consumer<ChannelStream> compareSoon) {
    return new ChannelStream(channel, counters, new RecentWindow.Budget(1 << 20), compareSoon);
  }

  /** Sends a comparison with Redis; the result takes the answer. */
  public static Consumer<Position> comparison(ChannelStream stream) {
    Landmark once = stream.floor();
    return told -> stream.compare(told, once);
  }
}
