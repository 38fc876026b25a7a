package io.multiswarm.common;

/**
 * The proof that a write for a swarm carries: its fencing token. Each attachment raises the
 * incarnation; a write with an older one is refused as {@code FENCED}.
 *
 * @param swarmId the swarm that is acted for
 * @param incarnation of the attachment that acts; 0 is an administrator, who needs no attachment
 */
public record Ownership(String swarmId, long incarnation) {

  private static final long ADMINISTRATOR = 0;

  public Ownership {
    Ids.checkSwarm("swarmId", swarmId);
    if (incarnation < 0) {
      throw new IllegalArgumentException("incarnation: " + incarnation);
    }
  }

  /** Whether it is that of an administrator, who does not hold the swarm. */
  public boolean isAdministrator() {
    return incarnation == ADMINISTRATOR;
  }

  /** The right to act for a swarm without holding it. */
  public static Ownership administrator(String swarmId) {
    return new Ownership(swarmId, ADMINISTRATOR);
  }
}
