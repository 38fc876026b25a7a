package io.multiswarm.server.auth;

import io.multiswarm.common.Ids;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The swarms that a principal may act for. {@code *} matches any run of characters, none too;
 * nothing else is special.
 */
public record SwarmPatterns(List<String> patterns) {

  public static final SwarmPatterns ANY = new SwarmPatterns(List.of("*"));
  public static final SwarmPatterns NONE = new SwarmPatterns(List.of());

  private static final int MOST_TOLD = 5;

  public SwarmPatterns {
    patterns = List.copyOf(patterns);
  }

  public boolean matches(String swarmId) {
    for (String pattern : patterns) {
      if (matches(pattern, swarmId)) {
        return true;
      }
    }
    return false;
  }

  /** In time proportional to both lengths at most: only the last star is ever tried again. */
  private static boolean matches(String pattern, String id) {
    int p = 0;
    int i = 0;
    int star = -1;
    int retry = 0;
    while (i < id.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = i;
      } else if (p < pattern.length() && pattern.charAt(p) == id.charAt(i)) {
        p++;
        i++;
      } else if (star >= 0) {
        p = star + 1;
        i = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** A new id for a swarm that is to have none of its creator's choice; null when none fits. */
  public @Nullable String newId() {
    for (String pattern : patterns) {
      if (pattern.endsWith("*")) {
        String id = pattern.replace("*", "") + Ids.unique("swarm");
        if (Ids.isSwarmId(id)) {
          return id;
        }
      }
    }
    return null;
  }

  /** For messages: {@code team-a-*, b}. */
  @Override
  public String toString() {
    if (patterns.isEmpty()) {
      return "none";
    }
    String first = String.join(", ", patterns.subList(0, Math.min(MOST_TOLD, patterns.size())));
    return patterns.size() <= MOST_TOLD ? first : first + ", …";
  }
}
