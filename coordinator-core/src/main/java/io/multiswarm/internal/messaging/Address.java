package io.multiswarm.internal.messaging;

import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Message.MessageType;
import io.multiswarm.messaging.NewMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where a message goes.
 *
 * @param target the addressed swarm, or null
 * @param requestId makes the message a request, or null
 */
record Address(
    String channel, MessageType type, @Nullable String target, @Nullable String requestId) {

  /** A swarm, or the agent of it that the message names. */
  static Address toSwarm(String swarmId, NewMessage message) {
    MessageType type = message.toAgent() == null ? MessageType.TARGETED : MessageType.AGENT;
    return new Address(ChannelName.of(swarmId), type, swarmId, null);
  }

  static Address ofChannel(String channel) {
    return new Address(channel, ChannelName.typeOf(channel), ChannelName.swarmOf(channel), null);
  }

  static Address ofRequest(String swarmId, String requestId) {
    return new Address(ChannelName.of(swarmId), MessageType.TARGETED, swarmId, requestId);
  }
}
