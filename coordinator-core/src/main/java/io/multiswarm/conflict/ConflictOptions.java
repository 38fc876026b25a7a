package io.multiswarm.conflict;

import io.multiswarm.common.CoordinationException;
import java.time.Duration;

/**
 * What holds when a conflict does not say.
 *
 * @param voteTimeout how long a vote lasts at most
 */
public record ConflictOptions(ConflictStrategy strategy, Duration voteTimeout) {

  public static final Duration DEFAULT_VOTE_TIMEOUT = Duration.ofSeconds(5);

  public ConflictOptions {
    if (voteTimeout.compareTo(Conflict.Vote.SHORTEST) < 0
        || voteTimeout.compareTo(Conflict.Vote.LONGEST) > 0) {
      throw CoordinationException.invalid(
          "voteTimeout", "must be 1 to %d ms, is %d", Conflict.Vote.LONGEST, voteTimeout);
    }
  }

  /** Priority decides where a conflict does not say otherwise. */
  public static ConflictOptions defaults() {
    return new ConflictOptions(ConflictStrategy.PRIORITY, DEFAULT_VOTE_TIMEOUT);
  }
}
