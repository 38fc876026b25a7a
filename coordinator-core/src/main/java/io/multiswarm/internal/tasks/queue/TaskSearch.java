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

  /** Records a call: as many as Redis reads in less than a millisecond. */
  static final int PAGE = 500;

  private static final int PAGES_AT_ONCE = 2;

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

  private record Ids(List<Scored> ids, @Nullable Double next) {}

  /**
   * All tasks that fit, the newest first.
   *
   * @param below the score below which to begin
   * @param page tasks to look at in one call
   */
  Flux<Page> pages(TaskFilter filter, double below, int page) {
    return Mono.zip(
            reads().getText(keys.strategy()).defaultIfEmpty(TaskStrategies.LEAST_LOADED),
            start(filter.minAge(), below))
        .flatMapMany(
            read -> {
              HeadFilter heads = new HeadFilter(filter, read.getT1());
              return ids(read.getT2(), page)
                  .expand(ids -> ids.next() == null ? Mono.empty() : ids(ids.next(), page))
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

  private Mono<Ids> ids(double below, int page) {
    return reads()
        .descending(keys.index(), below, page)
        .map(ids -> new Ids(ids, ids.size() < page ? null : ids.get(ids.size() - 1).score()));
  }

  private Mono<Page> compare(Ids page, HeadFilter filter) {
    List<String> names = page.ids().stream().map(Scored::member).toList();
    return reads()
        .hashFields(keys.tasks(), names)
        .map(records -> new Page(found(page.ids(), records, filter), names.size(), page.next()));
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
