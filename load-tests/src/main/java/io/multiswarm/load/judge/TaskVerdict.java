package io.multiswarm.load.judge;

/**
 * What a history of tasks shows.
 *
 * @param lost accepted and never completed
 * @param completedTwice completions accepted beyond the first of a task
 * @param withoutCredit assignments to a swarm that had not asked for so many
 * @param attemptsNotGrown assignments whose attempt is not above the one before
 * @param afterTheEnd assignments of a completed task
 */
public record TaskVerdict(
    Counts counts,
    long lost,
    long completedTwice,
    long withoutCredit,
    long attemptsNotGrown,
    long afterTheEnd) {

  /** How much there was to judge. */
  public record Counts(long accepted, long assigned, long completed) {}

  /** Whether every promise was kept. */
  public boolean isClean() {
    return lost + completedTwice + withoutCredit + attemptsNotGrown + afterTheEnd == 0;
  }
}
