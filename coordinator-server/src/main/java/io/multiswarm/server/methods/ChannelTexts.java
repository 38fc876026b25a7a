package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import java.util.function.Function;

/** The notifications of channels. That of a message is made once, for all its subscribers. */
final class ChannelTexts {

  private static final Function<ChannelMessage, byte[]> ENCODER = ChannelTexts::encode;

  private ChannelTexts() {}

  static byte[] of(ChannelEvent event) {
    return event instanceof ChannelMessage message ? message.encoded(ENCODER) : of((Gap) event);
  }

  private static byte[] encode(ChannelMessage message) {
    JsonObject params = JsonObject.with("channel", message.channel());
    if (message.isStored()) {
      params.and("epoch", message.position().epoch()).and("offset", message.position().offset());
    } else {
      params.and(message.isLive() ? "live" : "foreign", true);
    }
    return Answers.notification(
        Notification.CHANNEL_MESSAGE, params.and("message", message.envelope()).json());
  }

  private static byte[] of(Gap gap) {
    Json params =
        JsonObject.with("channel", gap.channel())
            .and("epoch", gap.epoch())
            .and("from", gap.from())
            .and("to", gap.to())
            .and("reason", gap.reason().word())
            .json();
    return Answers.notification(Notification.CHANNEL_GAP, params);
  }
}
