package io.multiswarm.registry;

import io.multiswarm.common.Ownership;

/**
 * A swarm that was registered and attached to this node.
 *
 * @param key what {@link SwarmRegistry#attach} asks for; told this once, stored as a hash
 */
public record Registration(Swarm swarm, Ownership ownership, String key) {
  @Override
  public String toString() {
    return "Registration[" + ownership + ", key=…]";
  }
}
