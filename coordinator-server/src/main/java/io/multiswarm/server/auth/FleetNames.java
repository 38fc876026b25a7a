package io.multiswarm.server.auth;

import java.util.List;

/**
 * The fleets that a token is good for.
 *
 * @param any whether it is not bound to any
 * @param names else those, in the order in which one is taken for who names none
 */
public record FleetNames(boolean any, List<String> names) {

  public static final FleetNames ANY = new FleetNames(true, List.of());

  public FleetNames {
    names = List.copyOf(names);
  }

  static FleetNames of(List<String> names) {
    return new FleetNames(false, names);
  }

  public boolean include(String fleet) {
    return any || names.contains(fleet);
  }

  /** For messages: {@code blue, red}. */
  @Override
  public String toString() {
    return any ? "any" : String.join(", ", names);
  }
}
