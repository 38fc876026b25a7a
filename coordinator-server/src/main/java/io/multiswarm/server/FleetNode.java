package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;

/**
 * A node of one fleet, as the library has it.
 *
 * @param fleet its name; empty when it has none
 */
record FleetNode(String fleet, MultiSwarmCoordination coordination) {

  /** For messages that tell fleets apart. */
  String named(String text) {
    return named(fleet, text);
  }

  /** The same of a fleet that has no node here. */
  static String named(String fleet, String text) {
    return "fleet %s: %s".formatted(fleet, text);
  }
}
