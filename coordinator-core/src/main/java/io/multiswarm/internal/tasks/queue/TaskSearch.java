package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.RedisReads.Scored;
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
   * Entries of the index that are read in one call, half a millisecond of Redis: each call has
   * twice as many as the one before, as it can't begin before that one has told where.
   */
  private static final int MOST_IDS = 1_000;

  /** Records that are read in one call, which is as much; their histories may be of 4 KB each. */
  private static final int MOST_RECORDS = 250;

  private static final int PAGES_AT_ONCE = 3;

  /**
   * A part of the index.
   *
   * @param found what fits in it
   * @param lookedAt how many tasks it has
   * @param next the score below which the next begins; null after the last
   */
  record Page(List<Found> found, int lookedAt, @Nullable Double next) {}

  /**
   * @param score its place in the index; no two tasks have the same
   */
  record Found(TaskHead task, double score) {}

  /** A part of the index, before its records are read. */
  private record Ids(List<Scored> ids, boolean isLast) {

    double end() {
      return ids.get(ids.size() - 1).score();
    }

    /** Such that their records can be read in one call each. */
    List<Ids> parts() {
      List<Ids> parts = new ArrayList<>();
      for (int from = 0; from == 0 || from < ids.size(); from += MOST_RECORDS) {
        int to = Math.min(ids.size(), from + MOST_RECORDS);
        parts.add(new Ids(ids.subList(from, to), isLast && to == ids.size()));
      }
      return parts;
    }
  }

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
              return ids(read.getT2(), page)
                  .expand(this::after)
                  .concatMapIterable(Ids::parts, 1)
                  .flatMapSequential(ids -> compare(ids, heads), PAGES_AT_ONCE, 1);
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

  private Mono<Ids> after(Ids ids) {
    return ids.isLast() ? Mono.empty() : ids(ids.end(), Math.min(2 * ids.ids().size(), MOST_IDS));
  }

  private Mono<Ids> ids(double below, int page) {
    return reads()
        .descending(keys.index(), below, page)
        .map(ids -> new Ids(ids, ids.size() < page));
  }

  private Mono<Page> compare(Ids page, HeadFilter filter) {
    List<String> names = page.ids().stream().map(Scored::member).toList();
    return reads()
        .hashFields(keys.tasks(), names)
        .map(
            records ->
                new Page(
                    found(page.ids(), records, filter),
                    names.size(),
                    page.isLast() ? null : page.end()));
  }

  /** A task without a record ended and was forgotten after the index was read. */
  private List<Found> found(List<Scored> ids, List<Optional<byte[]>> records, HeadFilter filter) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Scored id = ids.get(i);
      records
          .get(i)
          .flatMap(
              record ->
                  context.unreadable().passing("task " + id.member(), () -> TaskHead.parse(record)))
          .filter(filter::fits)
          .ifPresent(task -> found.add(new Found(task, id.score())));
    }
    return found;
  }
}
