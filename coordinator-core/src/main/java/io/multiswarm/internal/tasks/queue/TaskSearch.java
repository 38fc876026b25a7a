package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskStrategies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Goes through the index of tasks from the newest on, and compares the records, not what was
 * submitted. There is no index for each filter: it would cost every task its upkeep, and this reads
 * 100,000 records in less than Redis needs to be noticed for.
 */
record TaskSearch(NodeContext context, TaskKeys keys) {

  /** Tasks that a search begins with, for it may find enough among them. */
  static final int PAGE = 500;

  /**
   * Entries of the index that are read in one call, a tenth of a millisecond of Redis: each call
   * has twice as many as the one before, as the search may end with it.
   */
  private static final int MOST_IDS = 1_000;

  /** Records that are read in one call, which is as much; their histories may be of 4 KB each. */
  private static final int MOST_RECORDS = 250;

  private static final int STRETCHES_AT_ONCE = 2;
  private static final int PARTS_AT_ONCE = 3;

  /**
   * A part of the index.
   *
   * @param found what fits in it
   * @param lookedAt how many tasks it has
   * @param position all that fit above this score are told with it and the pages before
   */
  record Page(List<TaskHead> found, int lookedAt, double position, boolean isLast) {}

  /**
   * Where entries of the index are. The end is found without reading them, so the next stretch need
   * not wait for this one.
   *
   * @param below the score below which it begins
   * @param end the score of its last entry; null of the last stretch, which has the rest
   */
  private record Stretch(double below, @Nullable Double end, int size) {

    /** Such that their records can be read in one call each. */
    List<Part> parts(List<String> ids) {
      List<Part> parts = new ArrayList<>();
      int from = 0;
      for (; ids.size() - from > MOST_RECORDS; from += MOST_RECORDS) {
        parts.add(new Part(ids.subList(from, from + MOST_RECORDS), below, false));
      }
      List<String> rest = ids.subList(from, ids.size());
      parts.add(new Part(rest, end == null ? Double.NEGATIVE_INFINITY : end, end == null));
      return parts;
    }
  }

  /**
   * Tasks whose records are read in one call.
   *
   * @param position as of the page, unless one of them fits
   */
  private record Part(List<String> ids, double position, boolean isLast) {}

  /**
   * All tasks that fit, the newest first.
   *
   * @param below the score below which to begin
   * @param page tasks to look at in the first call
   */
  Flux<Page> pages(TaskFilter filter, double below, int page) {
    return Mono.zip(
            reads().getText(keys.strategy()).defaultIfEmpty(TaskStrategies.LEAST_LOADED),
            start(filter.minAge(), below))
        .flatMapMany(
            read -> {
              HeadFilter heads = new HeadFilter(filter, read.getT1());
              return stretch(read.getT2(), page)
                  .expand(this::after)
                  .flatMapSequential(this::ids, STRETCHES_AT_ONCE, 1)
                  .concatMapIterable(parts -> parts, 1)
                  .flatMapSequential(part -> compare(part, heads), PARTS_AT_ONCE, 1);
            });
  }

  private RedisReads reads() {
    return context.link().reads();
  }

  private Mono<Double> start(@Nullable Duration minAge, double below) {
    return minAge == null
        ? Mono.just(below)
        : reads().micros().map(now -> Math.min(below, now - minAge.toMillis() * 1_000.0 + 1));
  }

  private Mono<Stretch> after(Stretch before) {
    Double end = before.end();
    return end == null ? Mono.empty() : stretch(end, Math.min(2 * before.size(), MOST_IDS));
  }

  private Mono<Stretch> stretch(double below, int size) {
    return reads()
        .scoreDescending(keys.index(), below, size - 1)
        .map(end -> new Stretch(below, end, size))
        .defaultIfEmpty(new Stretch(below, null, size));
  }

  private Mono<List<Part>> ids(Stretch stretch) {
    return reads().descending(keys.index(), stretch.below(), stretch.end()).map(stretch::parts);
  }

  private Mono<Page> compare(Part part, HeadFilter filter) {
    return reads()
        .hashFields(keys.tasks(), part.ids())
        .map(
            records -> {
              List<TaskHead> found = found(part.ids(), records, filter);
              double position =
                  found.isEmpty()
                      ? part.position()
                      : Math.min(part.position(), found.get(found.size() - 1).submittedMicros());
              return new Page(found, part.ids().size(), position, part.isLast());
            });
  }

  /** A task without a record ended and was forgotten after the index was read. */
  private List<TaskHead> found(
      List<String> ids, List<Optional<byte[]>> records, HeadFilter filter) {
    List<TaskHead> found = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      records
          .get(i)
          .filter(filter::mayFit)
          .flatMap(record -> context.unreadable().passing("task", id, () -> TaskHead.parse(record)))
          .filter(filter::fits)
          .ifPresent(found::add);
    }
    return found;
  }
}
