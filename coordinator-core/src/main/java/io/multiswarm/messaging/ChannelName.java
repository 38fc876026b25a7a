package io.multiswarm.messaging;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.messaging.Message.MessageType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The six forms of channel names, and what each implies. */
public final class ChannelName {

  public static final String GLOBAL = "swarm:global";
  public static final String COORDINATION = "swarm:coordination";
  public static final String AGENTS = "swarm:agents";
  public static final String TASKS = "swarm:tasks";
  public static final String EVENTS = "swarm:events";

  private static final String PREFIX = "swarm:";

  private static final Map<String, MessageType> SHARED =
      Map.of(
          GLOBAL, MessageType.BROADCAST,
          COORDINATION, MessageType.COORDINATION,
          AGENTS, MessageType.AGENT,
          TASKS, MessageType.TASK,
          EVENTS, MessageType.EVENT);

  private ChannelName() {}

  /** The channels that belong to no swarm. */
  public static Set<String> shared() {
    return SHARED.keySet();
  }

  /** The channel of one swarm. */
  public static String of(String swarmId) {
    return PREFIX + swarmId;
  }

  /** Refuses a name that is none of the six forms. */
  public static String check(@Nullable String channel) {
    if (channel != null && (SHARED.containsKey(channel) || swarmOf(channel) != null)) {
      return channel;
    }
    throw CoordinationException.invalid(
        "channel",
        "\"%s\" is no channel; use swarm:{swarmId}, swarm:global, swarm:coordination,"
            + " swarm:agents, swarm:tasks or swarm:events",
        channel);
  }

  /** The swarm whose channel this is; null for the shared ones and for other names. */
  public static @Nullable String swarmOf(String channel) {
    if (!channel.startsWith(PREFIX)) {
      return null;
    }
    String id = channel.substring(PREFIX.length());
    return Ids.isSwarmId(id) ? id : null;
  }

  /** What is published on this channel when nothing else is said. */
  public static MessageType typeOf(String channel) {
    return SHARED.getOrDefault(channel, MessageType.TARGETED);
  }
}
