package io.multiswarm.internal.stream;

import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import java.util.List;

/**
 * What a read of the history found.
 *
 * @param end the channel's last position at that moment
 * @param first offset that is retained; 0 when none is
 * @param messages after the asked offset, ascending
 */
public record Page(Position end, long first, List<ChannelMessage> messages) {

  /** Whether nothing after the page's messages was left in the history. */
  public boolean reachesEnd() {
    return messages.isEmpty()
        || messages.get(messages.size() - 1).position().offset() >= end.offset();
  }

  /** Bytes of the messages. */
  public long weight() {
    long weight = 0;
    for (ChannelMessage message : messages) {
      weight += message.bytes().length;
    }
    return weight;
  }
}
