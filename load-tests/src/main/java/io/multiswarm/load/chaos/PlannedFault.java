package io.multiswarm.load.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Something happens.
 *
 * @param after so many tasks are completed; work, not time, so that every fault falls on a busy
 *     system however fast that is
 */
record PlannedFault(Strike strike, long after) {

  private static final double FIRST = 0.03;
  private static final double LAST = 0.95;

  /** Each kind as often, in random order and at random moments: some soon after each other. */
  static List<PlannedFault> schedule(List<Strike> kinds, int count, int tasks, Random random) {
    List<Strike> strikes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strikes.add(kinds.get(i % kinds.size()));
    }
    Collections.shuffle(strikes, random);
    List<Long> moments =
        random
            .doubles(count, FIRST, LAST)
            .sorted()
            .mapToObj(share -> (long) (share * tasks))
            .toList();
    return IntStream.range(0, count)
        .mapToObj(i -> new PlannedFault(strikes.get(i), moments.get(i)))
        .toList();
  }
}
