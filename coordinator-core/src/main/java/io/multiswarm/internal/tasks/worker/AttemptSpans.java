package io.multiswarm.internal.tasks.worker;

import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.internal.tracing.Tracing.Span;
import io.multiswarm.tasks.Assignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.util.context.Context;

/**
 * The attempts that this node's workers were given and have not reported on, where somebody
 * observes. Those that are never reported on are forgotten when many newer ones have come.
 */
final class AttemptSpans {

  private static final int MOST = 10_000;

  private final Tracing tracing;
  private final Map<Key, Span> open = new LinkedHashMap<>(); // guarded by itself

  private record Key(String swarmId, String taskId, long attempt) {}

  AttemptSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  void began(Assignment given) {
    if (!tracing.isOn()) {
      return;
    }
    Span span =
        tracing.begin(
            "multiswarm.task.attempt",
            Map.of(
                "multiswarm.task",
                given.taskId(),
                "multiswarm.swarm",
                given.swarmId(),
                "multiswarm.attempt",
                Long.toString(given.attempt())),
            given.submitted().traceparent());
    List<Span> over = new ArrayList<>();
    synchronized (open) {
      Span before = open.put(key(given), span);
      if (before != null) {
        over.add(before);
      }
      while (open.size() > MOST) {
        over.add(open.remove(open.keySet().iterator().next()));
      }
    }
    over.forEach(one -> one.end("lost"));
  }

  void ended(String swarmId, String taskId, long attempt, String outcome) {
    Span span;
    synchronized (open) {
      span = open.remove(new Key(swarmId, taskId, attempt));
    }
    if (span != null) {
      span.end(outcome);
    }
  }

  /** The context in which work on it is observed as a part of it. */
  public Context into(Context context, Assignment given) {
    Span span;
    synchronized (open) {
      span = open.get(key(given));
    }
    return span == null ? context : span.into(context);
  }

  private static Key key(Assignment given) {
    return new Key(given.swarmId(), given.taskId(), given.attempt());
  }
}
