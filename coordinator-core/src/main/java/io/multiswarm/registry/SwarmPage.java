package io.multiswarm.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing, newest first. A page may be short of its limit, or empty, and still have a
 * successor: a call looks at a bounded number of swarms.
 *
 * @param nextCursor for the next page; null when this is the last
 */
public record SwarmPage(List<Swarm> swarms, @Nullable String nextCursor) {
  public SwarmPage {
    swarms = List.copyOf(swarms);
  }
}
