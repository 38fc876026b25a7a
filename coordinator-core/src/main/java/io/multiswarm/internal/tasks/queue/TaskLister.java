package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskPage;
import io.multiswarm.tasks.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lists tasks from the index, newest first: pages of ids, whose records are read and filtered here,
 * and then the tasks of those that fit. A page ends where its tasks take {@link #MOST_BYTES}, with
 * one at least; the search for a rare task stops after {@link #MOST_READ}. Both go on with the
 * cursor.
 */
record TaskLister(RedisReads reads, TaskKeys keys, TaskReader reader) {

  private static final int STEP = 100;
  private static final int AT_ONCE = 8;
  private static final int MOST_BYTES = 512 << 10;
  private static final int MOST_READ = 5_000;
  private static final String CURSOR = "t";

  /**
   * What was found so far.
   *
   * @param below the score after which the search goes on
   * @param bytes of the tasks that were found
   */
  private record Progress(List<Task> found, double below, int read, long bytes, End end) {

    Progress with(List<Task> more, TaskQuery query) {
      List<Task> all = new ArrayList<>(found);
      all.addAll(more);
      boolean full = all.size() >= query.limit() || bytes >= MOST_BYTES || read >= MOST_READ;
      return new Progress(all, below, read, bytes, end == End.NOT_YET && full ? End.FULL : end);
    }
  }

  private enum End {
    NOT_YET,
    /** There is more. */
    FULL,
    EXHAUSTED
  }

  /** One of the index; null when it is no task any more. */
  private record Entry(double score, String id, @Nullable TaskRecord record) {}

  Mono<TaskPage> list(TaskQuery query) {
    return Mono.fromSupplier(() -> below(query.cursor()))
        .flatMap(
            below ->
                Mono.just(new Progress(List.of(), below, 0, 0, End.NOT_YET))
                    .expand(
                        progress ->
                            progress.end() == End.NOT_YET ? step(progress, query) : Mono.empty())
                    .last())
        .map(TaskLister::page);
  }

  private Mono<Progress> step(Progress before, TaskQuery query) {
    return reads
        .descending(keys.index(), before.below(), STEP)
        .flatMap(this::entries)
        .flatMap(entries -> read(before, query, entries));
  }

  private Mono<List<Entry>> entries(List<Scored> scored) {
    if (scored.isEmpty()) {
      return Mono.just(List.of());
    }
    return reader
        .records(scored.stream().map(Scored::member).toList())
        .map(
            records ->
                scored.stream()
                    .map(one -> new Entry(one.score(), one.member(), records.get(one.member())))
                    .toList());
  }

  /** Chooses by the records what has room, and reads that. */
  private Mono<Progress> read(Progress before, TaskQuery query, List<Entry> entries) {
    List<String> chosen = new ArrayList<>();
    double below = before.below();
    long bytes = before.bytes();
    boolean all = true;
    for (Entry entry : entries) {
      TaskRecord record = entry.record();
      if (record != null && query.mayMatch(record.status(), record.swarmId())) {
        int count = before.found().size() + chosen.size();
        if (count >= query.limit() || count > 0 && bytes + record.bytes() > MOST_BYTES) {
          all = false;
          break;
        }
        bytes += record.bytes();
        chosen.add(entry.id());
      }
      below = entry.score();
    }
    End end = all && entries.size() < STEP ? End.EXHAUSTED : End.NOT_YET;
    end = !all && chosen.isEmpty() ? End.FULL : end;
    Progress after =
        new Progress(before.found(), below, before.read() + entries.size(), bytes, end);
    return Flux.fromIterable(chosen)
        .flatMapSequential(reader::find, AT_ONCE)
        .filter(query::matches)
        .collectList()
        .map(tasks -> after.with(tasks, query));
  }

  private static TaskPage page(Progress progress) {
    String next = progress.end() == End.EXHAUSTED ? null : CURSOR + Math.round(progress.below());
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
