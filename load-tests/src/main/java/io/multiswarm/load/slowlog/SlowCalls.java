package io.multiswarm.load.slowlog;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.target.SlowCall;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Judges what {@code SLOWLOG} has. A time in it is one on the wall, and on a slow machine copying
 * the bytes alone takes long; what is slow by itself is so again and again, and slow beside the
 * bare script, which stores and publishes as many bytes in the same minutes. So a thing is
 * convicted of what took longer than the limit <em>and</em> than {@value #MULTIPLE} times what the
 * bare script took in that phase; of that a number of times, and not only in one of a hundred of
 * its calls that are in the log at all.
 *
 * <p>Of the bare script's times that counts which nine of ten do not exceed: it has the machine's
 * bad moments in it, as ours have, and not its worst. Twice that is what a script takes which
 * copies its bytes once more in and once more out. On a machine that is not slow the limit alone
 * counts.
 *
 * @param limit in microseconds
 * @param times that one thing exceeds it before that is its own doing
 */
record SlowCalls(long limit, int times) {

  private static final double STRAY = 0.05;
  private static final double MILLI = 1_000;
  private static final long MULTIPLE = 2;
  private static final double USUAL = 0.5;
  private static final double MOST = 0.9;

  /** Fewer calls of the bare script say nothing about a phase; then all phases' do. */
  private static final int ENOUGH = 20;

  /** What is in the log of one thing. */
  private static final class Found {
    private long calls;
    private long overLimit;
    private long overAllowed;
    private long longest;
  }

  /**
   * Tells each name with how often it was slow and how long it took; convicts those that must not.
   */
  void judge(List<Phase> phases, Function<SlowCall, String> names, Report report) {
    BareCalls all =
        phases.stream().map(Phase::bare).reduce(new BareCalls(0, List.of()), BareCalls::and);
    if (all.count() < ENOUGH) {
      report.defect(
          "expected %d calls of the bare script at least, observed %d: nothing to compare with"
              .formatted(ENOUGH, all.count()));
    }
    Map<String, Found> found = new TreeMap<>();
    Report.Section bare =
        report.section("the bare script: calls, half and nine of ten within, then allowed, ms");
    for (Phase phase : phases) {
      BareCalls measure = phase.bare().count() < ENOUGH ? all : phase.bare();
      long allowed = Math.max(limit, MULTIPLE * measure.quantile(MOST));
      bare.row(
          phase.name(),
          "%d, %.1f, %.1f, %.1f"
              .formatted(
                  phase.bare().count(),
                  measure.quantile(USUAL) / MILLI,
                  measure.quantile(MOST) / MILLI,
                  allowed / MILLI));
      phase.calls().forEach(call -> add(call, allowed, found(names.apply(call), found)));
    }
    convict(found, report);
  }

  private static Found found(String name, Map<String, Found> found) {
    return found.computeIfAbsent(name, any -> new Found());
  }

  private void add(SlowCall call, long allowed, Found found) {
    found.calls++;
    found.overLimit += call.micros() > limit ? 1 : 0;
    found.overAllowed += call.micros() > allowed ? 1 : 0;
    found.longest = Math.max(found.longest, call.micros());
  }

  private void convict(Map<String, Found> found, Report report) {
    Report.Section section =
        report.section(
            "calls over %.1f ms, over what was allowed, of those in the log, and the longest, ms"
                .formatted(limit / MILLI));
    found.forEach(
        (name, its) -> {
          double longest = its.longest / MILLI;
          section.row(
              name,
              "%d, %d of %d, %.1f".formatted(its.overLimit, its.overAllowed, its.calls, longest));
          if (its.overAllowed >= times && its.overAllowed > STRAY * its.calls) {
            report.defect(
                "expected fewer than %d calls over %.1f ms and twice the bare script, observed %d of %s, of %.1f ms at most"
                    .formatted(times, limit / MILLI, its.overAllowed, name, longest));
          }
        });
  }
}
