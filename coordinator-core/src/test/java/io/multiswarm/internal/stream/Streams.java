package io.multiswarm.internal.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

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
    KnownPosition asked = stream.landmark();
    return told -> stream.compare(told, asked);
  }

  /** What is asked of Redis along with a page after {@code position}, as the scripts take it. */
  public static String known(ChannelStream stream, Position position) {
    return new String(stream.landmark(position).text(), UTF_8);
  }

  /** What is asked along with a comparison, likewise. */
  public static String known(ChannelStream stream) {
    return new String(stream.landmark().text(), UTF_8);
  }

  /** Two looks for quiet channels, without a message between them. */
  public static void fallSilent(ChannelStream stream) {
    stream.quietSinceLastLook();
    stream.quietSinceLastLook();
  }
}
