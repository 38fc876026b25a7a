package io.multiswarm.registry;

import io.multiswarm.common.Ownership;

/** A swarm that was taken over by this node; its former holder is fenced. */
public record Attachment(Swarm swarm, Ownership ownership) {}
