package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a swarm has, and has no more.
 *
 * @param held amounts by type
 * @param returned amounts by type that it held when it was found gone; none once it has been given
 *     something again, and after a day
 */
@ReplyOf(Script.RESOURCE_HOLDING)
public record ResourceHolding(Map<String, Long> held, Map<String, Long> returned) {

  public ResourceHolding {
    held = Collections.unmodifiableMap(new TreeMap<>(held));
    returned = Collections.unmodifiableMap(new TreeMap<>(returned));
  }

  static ResourceHolding from(ScriptReply reply) {
    return new ResourceHolding(amounts(reply.string(0)), amounts(reply.string(1)));
  }

  /** Reads {@code <type>=<amount>;...}, as the scripts keep it. */
  private static Map<String, Long> amounts(String text) {
    Map<String, Long> amounts = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String part : text.split(";")) {
        int equals = part.indexOf('=');
        amounts.put(part.substring(0, equals), Long.valueOf(part.substring(equals + 1)));
      }
    }
    return amounts;
  }
}
