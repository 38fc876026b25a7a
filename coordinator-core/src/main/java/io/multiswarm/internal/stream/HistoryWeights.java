package io.multiswarm.internal.stream;

import io.multiswarm.internal.stream.HistoryBudget.Weighed;
import java.util.Collection;
import java.util.List;

/**
 * What each history takes, and who has to give when all of them take more than they may together.
 *
 * <p>Those of swarms that are gone give all. Of the others each may keep the same number of bytes,
 * the largest by which they fit: who has less keeps all of it.
 */
final class HistoryWeights {

  /** This part of the budget is left free, so that not each round has to cut. */
  private static final int FREE = 8;

  private final List<Weighed> histories;
  private final long sum;
  private final boolean over;
  private final long level;

  HistoryWeights(List<Weighed> histories, long budget) {
    this.histories = List.copyOf(histories);
    this.sum = sum(histories);
    this.over = sum > budget;
    this.level = level(budget - budget / FREE);
  }

  /** What all take. */
  long sum() {
    return sum;
  }

  /** What each may keep. */
  long level() {
    return level;
  }

  /** Those that have to give; none while all of them fit. */
  List<Weighed> tooLarge() {
    return over ? histories.stream().filter(this::isTooLarge).toList() : List.of();
  }

  private boolean isTooLarge(Weighed history) {
    return history.bytes() > (history.isGone() ? 0 : level);
  }

  /**
   * What all take afterwards.
   *
   * @param cut those that were too large, as they are now
   */
  long sumAfter(Collection<Weighed> cut) {
    return sum - sum(tooLarge()) + sum(cut);
  }

  private long level(long allowed) {
    long[] sizes =
        histories.stream()
            .filter(history -> !history.isGone())
            .mapToLong(Weighed::bytes)
            .sorted()
            .toArray();
    long left = allowed;
    for (int i = 0; i < sizes.length; i++) {
      long share = left / (sizes.length - i);
      if (sizes[i] > share) {
        return share;
      }
      left -= sizes[i];
    }
    return Long.MAX_VALUE;
  }

  private static long sum(Collection<Weighed> histories) {
    return histories.stream().mapToLong(Weighed::bytes).sum();
  }
}
