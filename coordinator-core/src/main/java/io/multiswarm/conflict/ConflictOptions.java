package io.multiswarm.conflict;

import java.time.Duration;

/**
 * What holds when a conflict does not say.
 *
 * @param voteTimeout how long a vote lasts at most
 */
public record ConflictOptions(ConflictStrategy strategy, Duration voteTimeout) {

  public static final Duration DEFAULT_VOTE_TIMEOUT = Duration.ofSeconds(5);

  public static ConflictOptions defaults() {
    return new ConflictOptions(ConflictStrategy.PRIORITY, DEFAULT_VOTE_TIMEOUT);
  }
}
