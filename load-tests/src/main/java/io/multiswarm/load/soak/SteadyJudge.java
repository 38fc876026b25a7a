package io.multiswarm.load.soak;

import io.multiswarm.load.report.Median;
import java.util.List;
import java.util.Locale;

/**
 * Judges something that was measured again and again: whether in the end there is as much of it as
 * there was after a while. The first quarter is the warm-up; of what follows, the median of the
 * first third is compared with that of the last, so that single measurements count for nothing.
 */
final class SteadyJudge {

  private static final double WARM_UP = 0.25;
  private static final double WINDOW = 0.25;
  private static final int FEWEST = 3;

  private SteadyJudge() {}

  /** A value at a time. */
  public record Measured(double seconds, double value) {}

  /**
   * How much more there may be.
   *
   * @param share of what there was
   * @param more in any case
   */
  public record Growth(double share, double more) {
    double upTo(double before) {
      return before * (1 + share) + more;
    }
  }

  /**
   * What measurements show; without enough of them before and after are not known, and nothing is
   * proven.
   *
   * @param what was measured, and in what
   * @param most that may be in the end
   */
  public record Verdict(String what, boolean known, double before, double after, double most) {

    public boolean isSteady() {
      return known && after <= most;
    }

    /** What was expected and what was observed. */
    public String words() {
      return known
          ? String.format(
              Locale.ROOT,
              "%s: expected at most %,.1f in the end (%,.1f after the warm-up), observed %,.1f",
              what,
              most,
              before,
              after)
          : what + ": expected enough measurements to judge it, observed too few";
    }
  }

  /**
   * The judgement.
   *
   * @param measured in the order of time
   */
  public static Verdict judge(String what, List<Measured> measured, Growth growth) {
    if (measured.isEmpty()) {
      return new Verdict(what, false, 0, 0, 0);
    }
    double begin = measured.get(0).seconds();
    double length = measured.get(measured.size() - 1).seconds() - begin;
    List<Double> first = window(measured, begin + WARM_UP * length, WINDOW * length);
    List<Double> last = window(measured, begin + (1 - WINDOW) * length, WINDOW * length);
    if (first.size() < FEWEST || last.size() < FEWEST) {
      return new Verdict(what, false, 0, 0, 0);
    }
    double before = Median.of(first);
    return new Verdict(what, true, before, Median.of(last), growth.upTo(before));
  }

  private static List<Double> window(List<Measured> measured, double from, double length) {
    return measured.stream()
        .filter(one -> one.seconds() >= from && one.seconds() <= from + length)
        .map(Measured::value)
        .toList();
  }
}
