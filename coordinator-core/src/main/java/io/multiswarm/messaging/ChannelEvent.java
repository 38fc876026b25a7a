package io.multiswarm.messaging;

/**
 * What a subscriber of a channel gets: its messages in order, and word of those that are missing.
 */
public sealed interface ChannelEvent permits ChannelMessage, Gap {

  /** Such as {@code swarm:global}. */
  String channel();
}
