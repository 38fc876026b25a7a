package io.multiswarm.common;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The rule for capabilities: the same for swarms, which have them, and tasks, which need them. */
public final class Capabilities {

  public static final int MOST = 32;

  /** Characters of all of them, as {@link #encoded} writes them. */
  public static final int LONGEST = 512;

  private Capabilities() {}

  /** Sorted and without duplicates, or refused, naming {@code what} they are. */
  public static List<String> check(String what, Collection<String> capabilities) {
    if (capabilities.isEmpty()) {
      return List.of();
    }
    List<String> sorted = capabilities.stream().distinct().sorted().toList();
    sorted.forEach(one -> Texts.checkWhole(what, one));
    if (sorted.size() > MOST || sorted.get(0).isEmpty() || encoded(sorted).length() > LONGEST) {
      throw CoordinationException.invalid(
          what, "at most %d, none empty, %d characters together", MOST, LONGEST);
    }
    return sorted;
  }

  /** URL-encoded, with commas between. */
  public static String encoded(List<String> capabilities) {
    return capabilities.stream()
        .map(one -> URLEncoder.encode(one, StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
  }
}
