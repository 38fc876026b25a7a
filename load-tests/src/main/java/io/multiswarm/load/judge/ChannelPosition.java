package io.multiswarm.load.judge;

/** A place in a channel's history: offsets belong to an epoch and grow by one. */
public record ChannelPosition(String epoch, long offset) {}
