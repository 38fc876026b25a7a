package io.multiswarm.recovery;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a swarm's resources.
 *
 * @param held amounts by type that it still has
 * @param returned amounts by type that were taken back from it because it was gone
 */
public record ResourceFacts(Map<String, Long> held, Map<String, Long> returned) {

  public static final ResourceFacts NONE = new ResourceFacts(Map.of(), Map.of());

  public ResourceFacts {
    held = Collections.unmodifiableMap(new TreeMap<>(held));
    returned = Collections.unmodifiableMap(new TreeMap<>(returned));
  }
}
