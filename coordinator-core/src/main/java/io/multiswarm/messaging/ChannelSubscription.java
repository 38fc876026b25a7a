package io.multiswarm.messaging;

/**
 * A subscription that has begun.
 *
 * @param position the channel's last offset at that moment
 * @param recovered whether everything after the asked position will arrive; if not, a {@link Gap}
 *     is the first event
 */
public record ChannelSubscription(Position position, boolean recovered, ChannelReader reader) {}
