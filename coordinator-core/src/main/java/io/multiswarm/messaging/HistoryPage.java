package io.multiswarm.messaging;

import java.util.List;

/**
 * A part of a channel's history, oldest first.
 *
 * @param first offset that the channel retains; 0 when it retains none
 * @param last offset of the channel; 0 when it never had a message
 */
public record HistoryPage(String epoch, long first, long last, List<ChannelMessage> messages) {
  public HistoryPage {
    messages = List.copyOf(messages);
  }
}
