package io.multiswarm.internal.stream;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.ScriptCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that leave together, as the publish script takes them: channel by channel, in the order
 * of submission within each.
 */
final class PublishBatch {

  private static final String NOBODY = "";

  private final Map<String, ToChannel> channels = new LinkedHashMap<>();
  private final Map<Ownership, Integer> senders = new LinkedHashMap<>();
  private final Order order;

  /** What goes to one channel. */
  private static final class ToChannel {
    final int index;
    final List<Outgoing> messages = new ArrayList<>(1);
    String target = NOBODY;

    ToChannel(int index) {
      this.index = index;
    }
  }

  /** Where the results of messages are, which are given in another order than the messages. */
  record Order(int[] channels, int[] places) {
    /** The channel of a message, by its number. */
    int channel(int message) {
      return channels[message];
    }

    /** The number of a message's result. */
    int place(int message) {
      return places[message];
    }
  }

  private PublishBatch(List<Outgoing> messages) {
    int[] channelOf = new int[messages.size()];
    int[] places = new int[messages.size()];
    for (int i = 0; i < channelOf.length; i++) {
      ToChannel to = add(messages.get(i));
      channelOf[i] = to.index;
      places[i] = to.messages.size() - 1;
    }
    int[] firsts = new int[channels.size()];
    int next = 0;
    for (ToChannel to : channels.values()) {
      firsts[to.index] = next;
      next += to.messages.size();
    }
    for (int i = 0; i < places.length; i++) {
      places[i] += firsts[channelOf[i]];
    }
    this.order = new Order(channelOf, places);
  }

  static PublishBatch of(List<Outgoing> messages) {
    return new PublishBatch(messages);
  }

  private ToChannel add(Outgoing message) {
    ToChannel to =
        channels.computeIfAbsent(message.channel(), any -> new ToChannel(channels.size()));
    to.messages.add(message);
    String target = message.target();
    if (target != null) {
      to.target = target;
    }
    Ownership sender = message.sender();
    if (sender != null) {
      senders.putIfAbsent(sender, senders.size() + 1);
    }
    return to;
  }

  Order order() {
    return order;
  }

  /**
   * Adds the channels' keys, and the arguments from the number of senders on.
   *
   * @param again whether the messages may be stored already, because they were sent before
   */
  void into(ScriptCall call, Keys keys, boolean again) {
    channels.keySet().forEach(channel -> call.key(keys.historyMeta(channel)));
    call.arg(senders.size()).arg(channels.size());
    senders.keySet().forEach(sender -> call.arg(sender.swarmId()).arg(sender.incarnation()));
    channels.values().forEach(to -> call.arg(to.target));
    channels.forEach(
        (channel, to) -> {
          call.key(keys.channel(channel))
              .key(keys.historyStream(channel))
              .key(keys.historyIds(channel))
              .arg(to.messages.size());
          for (Outgoing message : to.messages) {
            call.arg(head(message, again)).arg(message.body());
          }
        });
  }

  private String head(Outgoing message, boolean again) {
    return senderIndex(message.sender()) + ":" + message.markedId(again);
  }

  private int senderIndex(@Nullable Ownership sender) {
    return sender == null ? 0 : senders.getOrDefault(sender, 0);
  }
}
