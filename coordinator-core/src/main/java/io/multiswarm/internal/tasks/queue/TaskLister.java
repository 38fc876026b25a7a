package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.tasks.queue.TaskSearch.Page;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lists tasks, newest first: searches the records and reads the tasks that fit. A page ends where
 * its tasks take {@link #MOST_BYTES}, with one at least; the search for a rare task stops after
 * {@link #MOST_LOOKED_AT}. Both go on with the cursor.
 */
record TaskLister(TaskSearch search, TaskReader reader) {

  static final int MOST_LOOKED_AT = 150_000;
  private static final int MOST_BYTES = 512 << 10;
  private static final int READ_AT_ONCE = 100;
  private static final String CURSOR = "t";

  Mono<TaskPage> list(TaskQuery query) {
    return Mono.defer(
        () -> {
          Gathered gathered = new Gathered(query.limit());
          int page = query.filter().isEmpty() ? query.limit() : TaskSearch.PAGE;
          return search
              .pages(query.filter(), below(query.cursor()), Math.min(page, TaskSearch.PAGE))
              .doOnNext(gathered::add)
              .takeUntil(any -> gathered.isEnough())
              .then(Mono.defer(() -> read(gathered, query.filter())));
        });
  }

  /** What was found so far, and where to go on. */
  private static final class Gathered {
    private final List<TaskHead> found = new ArrayList<>();
    private final int limit;
    private double position = Double.POSITIVE_INFINITY;
    private int lookedAt;
    private long bytes;
    private boolean isFull;
    private boolean isAtEnd;

    Gathered(int limit) {
      this.limit = limit;
    }

    void add(Page page) {
      lookedAt += page.lookedAt();
      for (TaskHead one : page.found()) {
        isFull = found.size() == limit || !found.isEmpty() && bytes + one.bytes() > MOST_BYTES;
        if (isFull) {
          return;
        }
        bytes += one.bytes();
        found.add(one);
        position = one.submittedMicros();
      }
      position = Math.min(position, page.position());
      isAtEnd = page.isLast();
    }

    boolean isEnough() {
      return isFull || found.size() == limit || lookedAt >= MOST_LOOKED_AT;
    }

    @Nullable String cursor() {
      return isAtEnd ? null : CURSOR + Math.round(position);
    }
  }

  private Mono<TaskPage> read(Gathered gathered, TaskFilter filter) {
    return Flux.fromIterable(gathered.found)
        .flatMapSequential(one -> readable(one.taskId()), READ_AT_ONCE)
        .filter(task -> isStill(filter, task))
        .collectList()
        .map(tasks -> new TaskPage(tasks, gathered.cursor()));
  }

  private Mono<Task> readable(String taskId) {
    return reader
        .find(taskId)
        .onErrorResume(
            error -> CoordinationException.is(error, ErrorCode.FAILED_PRECONDITION),
            damaged -> {
              search.context().unreadable().met("task " + taskId, damaged.toString());
              return Mono.empty();
            });
  }

  /** It may have moved on since it was found. */
  private static boolean isStill(TaskFilter filter, Task task) {
    return (filter.status() == null || filter.status() == task.status())
        && (filter.swarmId() == null || Objects.equals(filter.swarmId(), task.swarmId()));
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
