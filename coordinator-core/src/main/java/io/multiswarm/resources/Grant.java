package io.multiswarm.resources;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one call gave to a swarm, or took back from it.
 *
 * @param amounts by type
 * @param available what the pools of these types had left
 */
public record Grant(Map<String, Long> amounts, Map<String, Long> available) {

  public Grant {
    amounts = Collections.unmodifiableMap(new TreeMap<>(amounts));
    available = Collections.unmodifiableMap(new TreeMap<>(available));
  }

  /** Of a call for one type. */
  public long amount(String type) {
    return amounts.getOrDefault(type, 0L);
  }

  /** What the pool of that type had left. */
  public long available(String type) {
    return available.getOrDefault(type, 0L);
  }

  /** Reads {@code <type> <amount> <available>;...}, as the scripts answer. */
  public static Grant parse(String answer) {
    Map<String, Long> amounts = new TreeMap<>();
    Map<String, Long> available = new TreeMap<>();
    for (String part : answer.split(";")) {
      String[] words = part.split(" ");
      amounts.put(words[0], Long.valueOf(words[1]));
      available.put(words[0], Long.valueOf(words[2]));
    }
    return new Grant(amounts, available);
  }
}
