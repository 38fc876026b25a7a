package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.tasks.Lane;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which swarms have which capability, so that a question about a lane looks at those alone that
 * have the scarcest of what it requires; and at none when one of its capabilities is nobody's.
 * Confined to one thread at a time.
 */
final class CapabilityIndex {

  /** What a lane requires that requires nothing: everybody has it. */
  static final String ANYBODY = "";

  private final Map<String, Set<String>> holders = new HashMap<>();

  void add(String swarmId, Collection<String> capabilities) {
    add(ANYBODY, swarmId);
    capabilities.forEach(capability -> add(capability, swarmId));
  }

  void remove(String swarmId, Collection<String> capabilities) {
    remove(ANYBODY, swarmId);
    capabilities.forEach(capability -> remove(capability, swarmId));
  }

  private void add(String capability, String swarmId) {
    holders.computeIfAbsent(capability, any -> new LinkedHashSet<>()).add(swarmId);
  }

  private void remove(String capability, String swarmId) {
    holders.computeIfPresent(
        capability, (any, all) -> all.remove(swarmId) && all.isEmpty() ? null : all);
  }

  boolean isEmpty() {
    return holders.isEmpty();
  }

  /** The lane's capability that the fewest have; {@link #ANYBODY} when it requires none. */
  String scarcest(Lane lane) {
    String scarcest = ANYBODY;
    int fewest = Integer.MAX_VALUE;
    for (String capability : lane.capabilities()) {
      int have = holders(capability).size();
      if (have < fewest) {
        scarcest = capability;
        fewest = have;
      }
    }
    return scarcest;
  }

  /** A live view of the swarms that have it, for each of which something is known. */
  Set<String> holders(String capability) {
    return holders.getOrDefault(capability, Set.of());
  }
}
