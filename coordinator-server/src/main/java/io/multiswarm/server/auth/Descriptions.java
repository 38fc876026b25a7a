package io.multiswarm.server.auth;

import java.util.ArrayList;
import java.util.List;

/** What a principal may, in a few words. */
final class Descriptions {

  private Descriptions() {}

  static String of(Principal principal) {
    return principal.fleets().any()
        ? inAFleet(principal)
        : inAFleet(principal) + " in fleets " + principal.fleets();
  }

  private static String inAFleet(Principal principal) {
    if (principal.may(Scope.ADMIN)) {
      return "everything";
    }
    List<String> parts = new ArrayList<>();
    if (principal.may(Scope.SWARM)) {
      parts.add("acts as " + principal.swarms());
    }
    if (principal.may(Scope.SUBMIT)) {
      parts.add("submits tasks");
    }
    if (principal.may(Scope.OBSERVE)) {
      parts.add("reads");
    }
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }
}
