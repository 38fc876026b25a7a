package io.multiswarm.health;

import io.multiswarm.health.InstallationReport.Installation;
import java.util.Optional;

/**
 * What acknowledged work is to survive. A Redis that is set up for less is refused; for more is
 * fine.
 */
public enum Durability {
  /** Nothing is demanded: work survives what Redis happens to be set up for. */
  MEMORY,
  /** A crash of Redis. */
  LOCAL,
  /**
   * The loss of the master: a call that changes something is answered when a replica has it too,
   * and {@code UNAVAILABLE}, its outcome unknown, when none confirms it in time.
   */
  REPLICATED;

  /** Replicas that must have a change before it is acknowledged. */
  public int replicas() {
    return this == REPLICATED ? 1 : 0;
  }

  /** Why this Redis does not keep the promise, in a line that says what to do; empty if it does. */
  public Optional<String> problem(Installation found) {
    return switch (this) {
      case MEMORY -> Optional.empty();
      case LOCAL -> local(found);
      case REPLICATED -> replicated(found);
    };
  }

  private static Optional<String> local(Installation found) {
    if (found.appendOnly()) {
      return Optional.empty();
    }
    return Optional.of(
        found.persistence()
            ? "durability local: Redis keeps no append-only file, so its crash loses acknowledged"
                + " work; set appendonly yes, or demand durability memory"
            : "durability local: Redis does not tell whether it keeps an append-only file; grant"
                + " +info, or demand durability memory");
  }

  private static Optional<String> replicated(Installation found) {
    return switch (found.minReplicas()) {
      case Installation.NOT_TOLD ->
          Optional.of(
              "durability replicated: Redis does not tell its min-replicas-to-write; grant +info,"
                  + " or demand less");
      case 0 ->
          Optional.of(
              "durability replicated: Redis takes writes that no replica gets"
                  + " (min-replicas-to-write 0); set min-replicas-to-write 1 and"
                  + " min-replicas-max-lag 2, on the replicas too");
      default -> Optional.empty();
    };
  }
}
