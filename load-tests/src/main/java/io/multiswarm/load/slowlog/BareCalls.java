package io.multiswarm.load.slowlog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long the bare script took in a phase.
 *
 * @param count of its calls
 * @param slow in microseconds, of those that are in the log; the others took less
 */
record BareCalls(long count, List<Long> slow) {

  /** Those of two phases. */
  BareCalls and(BareCalls others) {
    return new BareCalls(
        count + others.count, Stream.concat(slow.stream(), others.slow.stream()).toList());
  }

  /**
   * In microseconds, what so large a part of them did not exceed; 0 when that is not in the log.
   */
  long quantile(double part) {
    List<Long> sorted = new ArrayList<>(slow);
    sorted.sort(null);
    long unlogged = Math.max(0, count - sorted.size());
    long rank = (long) Math.ceil(part * (unlogged + sorted.size()));
    return rank <= unlogged ? 0 : sorted.get((int) (rank - unlogged - 1));
  }
}
