package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskPage;
import io.multiswarm.tasks.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lists tasks from the index, newest first: pages of ids, whose tasks are read and filtered here.
 * The search for a rare task stops after {@link #MOST_READ} and goes on with the cursor.
 */
record TaskLister(RedisReads reads, TaskKeys keys, TaskReader reader) {

  private static final int STEP = 250;
  private static final int MOST_READ = 5_000;
  private static final String CURSOR = "t";

  /** What was found so far, and the score after which the search goes on. */
  private record Progress(List<Task> found, double below, int read, boolean exhausted) {}

  Mono<TaskPage> list(TaskQuery query) {
    return Mono.fromSupplier(() -> below(query.cursor()))
        .flatMap(
            below ->
                Mono.just(new Progress(new ArrayList<>(), below, 0, false))
                    .expand(
                        progress ->
                            isEnough(progress, query) ? Mono.empty() : step(progress, query))
                    .last())
        .map(TaskLister::page);
  }

  private static boolean isEnough(Progress progress, TaskQuery query) {
    return progress.exhausted()
        || progress.found().size() >= query.limit()
        || progress.read() >= MOST_READ;
  }

  private Mono<Progress> step(Progress before, TaskQuery query) {
    return reads
        .descending(keys.index(), before.below(), STEP)
        .flatMap(
            ids ->
                Flux.fromIterable(ids)
                    .flatMapSequential(id -> found(id), STEP)
                    .collectList()
                    .map(tasks -> advance(before, query, ids, tasks)));
  }

  private record Found(double score, @Nullable Task task) {}

  private Mono<Found> found(Scored id) {
    return reader
        .find(id.member())
        .map(task -> new Found(id.score(), task))
        .defaultIfEmpty(new Found(id.score(), null));
  }

  private static Progress advance(
      Progress before, TaskQuery query, List<Scored> ids, List<Found> tasks) {
    List<Task> found = before.found();
    double below = before.below();
    for (Found one : tasks) {
      if (found.size() >= query.limit()) {
        return new Progress(found, below, before.read(), false);
      }
      below = one.score();
      Task task = one.task();
      if (task != null && query.matches(task)) {
        found.add(task);
      }
    }
    return new Progress(found, below, before.read() + ids.size(), ids.size() < STEP);
  }

  private static TaskPage page(Progress progress) {
    String next = progress.exhausted() ? null : CURSOR + Math.round(progress.below());
    return new TaskPage(progress.found(), next);
  }

  private static double below(@Nullable String cursor) {
    if (cursor == null) {
      return Double.POSITIVE_INFINITY;
    }
    if (!cursor.matches(CURSOR + "\\d{1,16}")) {
      throw CoordinationException.invalid("cursor", "was not given by this listing; begin anew");
    }
    return Double.parseDouble(cursor.substring(CURSOR.length()));
  }
}
