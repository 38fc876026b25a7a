package io.multiswarm.load.slowlog;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.target.SlowCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Judges what {@code SLOWLOG} has. A time in it is one on the wall, so a machine that does
 * something else for a moment makes any command slow now and then; what is slow by itself is so
 * again and again. The limit is therefore broken by whatever exceeds it a number of times, and not
 * only in one of a hundred of its calls that are in the log at all.
 *
 * @param limit in microseconds
 * @param times that one thing exceeds it before that is its own doing
 */
record SlowCalls(long limit, int times) {

  private static final double STRAY = 0.01;
  private static final double MILLI = 1_000;

  /**
   * Tells each name with how often it was slow and how long it took; convicts those that must not.
   */
  void judge(List<SlowCall> calls, Function<SlowCall, String> names, Report report) {
    Map<String, List<Long>> byName = new TreeMap<>();
    for (SlowCall call : calls) {
      byName.computeIfAbsent(names.apply(call), any -> new ArrayList<>()).add(call.micros());
    }
    Report.Section section =
        report.section(
            "calls over %.1f ms, of those in the log, and the longest, ms"
                .formatted(limit / MILLI));
    byName.forEach(
        (name, micros) -> {
          long over = micros.stream().filter(each -> each > limit).count();
          double longest = Collections.max(micros) / MILLI;
          section.row(name, "%d of %d, %.1f".formatted(over, micros.size(), longest));
          if (over >= times && over > STRAY * micros.size()) {
            report.defect(
                "expected fewer than %d calls over %.1f ms, observed %d of %s, of %.1f ms at most"
                    .formatted(times, limit / MILLI, over, name, longest));
          }
        });
  }
}
