package io.multiswarm.conflict;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Priority;
import org.jspecify.annotations.Nullable;

/**
 * A swarm in a conflict. What it says about itself counts only when no swarm of that id is
 * registered.
 *
 * @param described whether it may be unregistered
 * @param createdAt ms since the epoch; null when not known, which counts as the latest
 */
public record Contestant(
    String id, boolean described, Priority priority, @Nullable Long createdAt) {

  public Contestant {
    Ids.checkSwarm("swarm", id);
  }

  /** A registered swarm. */
  public static Contestant registered(String id) {
    return new Contestant(id, false, Priority.NORMAL, null);
  }

  /** A swarm that need not be registered. */
  public static Contestant described(String id, Priority priority, @Nullable Long createdAt) {
    return new Contestant(id, true, priority, createdAt);
  }
}
