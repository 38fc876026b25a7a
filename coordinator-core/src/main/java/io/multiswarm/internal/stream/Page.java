package io.multiswarm.internal.stream;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * What a read of the history found.
 *
 * @param end the channel's last position at that moment
 * @param first offset that is retained; 0 when none is
 * @param messages after the asked offset, ascending
 */
@ReplyOf({Script.CHANNEL_READ, Script.CHANNEL_POSITION})
public record Page(Position end, long first, List<ChannelMessage> messages) {

  /** To who asks for the position alone, nothing else is told. */
  static Page from(String channel, ScriptReply reply) {
    Position end = new Position(reply.string(0), reply.number(1));
    List<ChannelMessage> messages =
        reply.isNull(3) ? List.of() : messages(channel, end.epoch(), reply.list(3));
    return new Page(end, reply.number(2), messages);
  }

  private static List<ChannelMessage> messages(String channel, String epoch, ScriptReply entries) {
    List<ChannelMessage> messages = new ArrayList<>(entries.size() / 2);
    for (int i = 0; i < entries.size(); i += 2) {
      Position position = new Position(epoch, entries.number(i));
      messages.add(ChannelMessage.of(channel, position, entries.bytes(i + 1), 0));
    }
    return messages;
  }

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
