package io.multiswarm.registry;

/** How a holder lets go of its swarms. */
public enum Departure {
  /** Its connection was lost: the swarm is detached and keeps everything for the grace period. */
  LOST("session lost"),
  /** It said goodbye: the swarm is interrupted at once. */
  GOODBYE("goodbye");

  private final String reason;

  Departure(String reason) {
    this.reason = reason;
  }

  /** As events and signals tell it. */
  public String reason() {
    return reason;
  }
}
