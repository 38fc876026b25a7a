package io.multiswarm.messaging;

/** Where a message was stored; for a repeated id, where the first one was. */
public record Published(String id, Position position) {}
