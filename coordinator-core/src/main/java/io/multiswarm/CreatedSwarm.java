package io.multiswarm;

import io.multiswarm.registry.Swarm;

/**
 * A swarm that was created here.
 *
 * @param key what it takes to attach the swarm elsewhere or after a restart; told this once
 * @param coordinator acts for the swarm
 */
public record CreatedSwarm(Swarm swarm, String key, SwarmCoordinator coordinator) {
  @Override
  public String toString() {
    return "CreatedSwarm[" + swarm.id() + ", key=…]";
  }
}
