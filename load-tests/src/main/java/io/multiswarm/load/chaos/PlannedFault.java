package io.multiswarm.load.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Somebody is killed.
 *
 * @param after so many tasks are completed; work, not time, so that every fault falls on a busy
 *     system however fast that is
 */
record PlannedFault(FaultTarget target, long after) {

  private static final double FIRST = 0.03;
  private static final double LAST = 0.95;

  /** Each kind as often, in random order and at random moments: some soon after each other. */
  static List<PlannedFault> schedule(int kills, int tasks, Random random) {
    List<FaultTarget> targets = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      targets.add(FaultTarget.values()[i % FaultTarget.values().length]);
    }
    Collections.shuffle(targets, random);
    List<Long> moments =
        random
            .doubles(kills, FIRST, LAST)
            .sorted()
            .mapToObj(share -> (long) (share * tasks))
            .toList();
    return IntStream.range(0, kills)
        .mapToObj(i -> new PlannedFault(targets.get(i), moments.get(i)))
        .toList();
  }
}
