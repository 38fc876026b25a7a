package io.multiswarm.internal.stream;

import io.multiswarm.common.Ownership;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a channel.
 *
 * @param sender whose proof the script checks; null for none
 * @param target swarm that must exist; null for none
 * @param id makes the publish idempotent within the history
 * @param envelope the JSON object as it will be stored
 */
public record Outgoing(
    String channel,
    @Nullable Ownership sender,
    @Nullable String target,
    String id,
    byte[] envelope) {}
