package io.multiswarm.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Priority;
import io.multiswarm.common.Texts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conflict to be decided.
 *
 * @param id tells a repetition
 * @param type the application's own word, 1 to {@value #MAX_TYPE} characters
 * @param strategy null for the configured one
 * @param vote how a vote is held
 */
public record Conflict(
    String id,
    String type,
    Contestant swarmA,
    Contestant swarmB,
    @Nullable ConflictStrategy strategy,
    Vote vote) {

  static final int MAX_TYPE = 256;

  /**
   * How a vote is held.
   *
   * @param timeout null for the configured one; 1 ms to an hour
   * @param quorum ballots with which it ends; 0 for more than half of those asked
   * @param electorate who is asked, those of them that are attached; empty for all that are
   */
  public record Vote(@Nullable Duration timeout, int quorum, List<String> electorate) {

    public static final Duration LONGEST = Duration.ofHours(1);
    static final Duration SHORTEST = Duration.ofMillis(1);
    public static final Vote DEFAULT = new Vote(null, 0, List.of());

    static final int MAX_ELECTORATE = 1_000;

    public Vote {
      electorate = List.copyOf(electorate);
      electorate.forEach(id -> Ids.checkSwarm("electorate", id));
      if (electorate.size() > MAX_ELECTORATE) {
        throw CoordinationException.invalid("electorate", "at most %d swarms", MAX_ELECTORATE);
      }
      if (quorum < 0) {
        throw CoordinationException.invalid("quorum", "must not be negative, is %d", quorum);
      }
      if (timeout != null && (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0)) {
        throw CoordinationException.invalid(
            "timeout", "must be 1 to %d ms, is %d", LONGEST, timeout);
      }
    }
  }

  public Conflict {
    Ids.check("conflictId", id);
    Texts.checkWord("type", type, MAX_TYPE);
    if (swarmA.id().equals(swarmB.id())) {
      throw CoordinationException.invalid(
          "swarmB", "%s is swarmA; a conflict is between two swarms", swarmB.id());
    }
  }

  /** With a new id, the configured strategy and the default vote. */
  public static Conflict of(String type, Contestant swarmA, Contestant swarmB) {
    return new Conflict(Ids.unique("conflict"), type, swarmA, swarmB, null, Vote.DEFAULT);
  }

  public Conflict withId(String other) {
    return new Conflict(other, type, swarmA, swarmB, strategy, vote);
  }

  /** The same, decided by that strategy. */
  public Conflict by(ConflictStrategy other) {
    return new Conflict(id, type, swarmA, swarmB, other, vote);
  }

  /** The same, decided by votes. */
  public Conflict voting(Vote other) {
    return new Conflict(id, type, swarmA, swarmB, ConflictStrategy.VOTING, other);
  }

  /**
   * A swarm in a conflict. What it says about itself counts only when no swarm of that id is
   * registered.
   *
   * @param described whether it may be unregistered
   * @param createdAt ms since the epoch; null when not known, which counts as the latest
   */
  public record Contestant(
      String id, boolean described, Priority priority, @Nullable Long createdAt) {

    public Contestant {
      Ids.checkSwarm("swarm", id);
    }

    /** A registered swarm. */
    public static Contestant registered(String id) {
      return new Contestant(id, false, Priority.NORMAL, null);
    }

    /** A swarm that need not be registered. */
    public static Contestant described(String id, Priority priority, @Nullable Long createdAt) {
      return new Contestant(id, true, priority, createdAt);
    }
  }
}
