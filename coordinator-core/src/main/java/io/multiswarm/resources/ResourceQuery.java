package io.multiswarm.resources;

import io.multiswarm.common.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Which pools to list.
 *
 * @param type one; null for all
 * @param swarmId only what this swarm holds; without a type, only the pools that it holds of
 */
public record ResourceQuery(@Nullable String type, @Nullable String swarmId) {

  public static final ResourceQuery ALL = new ResourceQuery(null, null);

  public ResourceQuery {
    if (type != null) {
      Ids.check("type", type);
    }
    if (swarmId != null) {
      Ids.checkSwarm("swarmId", swarmId);
    }
  }
}
