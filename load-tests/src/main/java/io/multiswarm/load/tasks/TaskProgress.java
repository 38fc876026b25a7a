package io.multiswarm.load.tasks;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.scenario.ScenarioContext;
import java.util.Locale;

/** What is told each second of tasks that are under way. */
final class TaskProgress {

  private final TaskObservation seen;
  private final ScenarioContext context;
  private long submitted;
  private long completed;

  TaskProgress(TaskObservation seen, ScenarioContext context) {
    this.context = context;
    this.seen = seen;
  }

  String next() {
    long submittedNow = seen.submittedCount();
    long completedNow = seen.ledger().completed();
    Percentiles since = seen.completed().interval();
    String line =
        String.format(
            Locale.ROOT,
            "submitted %,9d (%,7d/s)   completed %,9d (%,7d/s)   p50 %8.2f  p99 %8.2f ms   unfinished %,d%s",
            submittedNow,
            submittedNow - submitted,
            completedNow,
            completedNow - completed,
            since.p50(),
            since.p99(),
            seen.ledger().open(),
            seen.refusedCount() == 0 ? "" : "   refused %,d".formatted(seen.refusedCount()));
    context.tell("submitted, tasks a second", (double) (submittedNow - submitted));
    context.tell("completed, tasks a second", (double) (completedNow - completed));
    context.tell("p50 of tasks, latency in ms", since.p50());
    context.tell("p99 of tasks, latency in ms", since.p99());
    submitted = submittedNow;
    completed = completedNow;
    return line;
  }
}
