package io.multiswarm.load.judge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a history of tasks shows.
 *
 * @param lost accepted and never completed
 * @param wrong completions that should not have been accepted
 * @param withoutCredit assignments to a swarm that had not asked for so many
 * @param attemptsNotGrown assignments whose attempt is not above the one before
 * @param afterTheEnd assignments of a completed task
 */
public record TaskVerdict(
    Counts counts,
    long lost,
    Completions wrong,
    long withoutCredit,
    long attemptsNotGrown,
    long afterTheEnd)
    implements Findings {

  /** How much there was to judge. */
  public record Counts(long accepted, long assigned, long completed) {}

  /**
   * Completions that were accepted and should not have been.
   *
   * @param twice beyond the first of a task
   * @param stale of an attempt that another one had followed
   * @param unreported found in the store, although no worker has ever sent them
   */
  public record Completions(long twice, long stale, long unreported) {}

  @Override
  public Map<String, Long> defects() {
    Map<String, Long> defects = new LinkedHashMap<>();
    defects.put("accepted tasks not completed", lost);
    defects.put("tasks completed twice", wrong.twice());
    defects.put("completions of outdated attempts accepted", wrong.stale());
    defects.put("tasks completed without a report", wrong.unreported());
    defects.put("assignments beyond credit", withoutCredit);
    defects.put("attempts that did not grow", attemptsNotGrown);
    defects.put("assignments of completed tasks", afterTheEnd);
    return defects;
  }
}
