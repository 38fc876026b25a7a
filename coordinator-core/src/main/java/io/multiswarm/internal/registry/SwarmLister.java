package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.registry.SwarmStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Pages through {@code swarm:index}, newest first: reads a step of the index, then its swarms, a
 * part at a time and some parts at once, as long as the page has room.
 *
 * <p>The scores are unique and never change, so the score of the last swarm that was looked at is a
 * position that stays good while others come and go.
 */
final class SwarmLister {

  /** Entries of the index in a step. */
  private static final int STEP = 500;

  /** Entries of the index that one call looks at, at least; more are left to the next page. */
  private static final int SCAN_BUDGET = 10_000;

  /** Bytes of metadata and agents after which a page ends early. */
  private static final int BYTE_BUDGET = 512 << 10;

  /** Of a search; a list reads no parts that it may not need. */
  private static final int PARTS_AT_ONCE = 3;

  private final NodeContext context;
  private final SwarmReader reader;
  private final ListCursor cursors;

  SwarmLister(NodeContext context, SwarmReader reader) {
    this.context = context;
    this.reader = reader;
    this.cursors = new ListCursor(context.options().fleet());
  }

  Mono<SwarmPage> list(SwarmQuery query) {
    return Mono.defer(
        () -> {
          String cursor = query.cursor();
          double below = cursor == null ? Double.POSITIVE_INFINITY : cursors.decode(cursor);
          int step = query.status() == null && !isSearch(query) ? query.limit() : STEP;
          Listing listing = new Listing(query);
          return step(below, step)
              .expand(before -> before.isLast() ? Mono.empty() : step(before.end(), step))
              .concatMap(one -> parts(one, query), 1)
              .flatMapSequential(this::read, partsAtOnce(query), 1)
              .doOnNext(listing::add)
              .takeUntil(any -> listing.isOver())
              .then(Mono.fromSupplier(listing::page));
        });
  }

  /** Whether swarms that were read may not be listed. */
  private static boolean isSearch(SwarmQuery query) {
    return !query
        .withStatus(null)
        .withCursor(null)
        .withLimit(SwarmQuery.ALL.limit())
        .equals(SwarmQuery.ALL);
  }

  private static int partsAtOnce(SwarmQuery query) {
    int needed = (query.limit() + SwarmReader.BATCH - 1) / SwarmReader.BATCH;
    return isSearch(query) ? PARTS_AT_ONCE : Math.min(needed, PARTS_AT_ONCE);
  }

  /**
   * A part of the index.
   *
   * @param candidates those that may be listed, and are to be read
   * @param end score of the last entry
   * @param entries all of them, told with the last part of a step
   */
  private record Part(List<Scored> candidates, double end, int entries, boolean isLast) {}

  /** Entries that are read together. */
  private record Step(List<Scored> entries, boolean isLast) {

    double end() {
      return entries.get(entries.size() - 1).score();
    }

    /** Such that each can be read in one call. */
    List<Part> parts(List<Scored> candidates) {
      List<Part> parts = new ArrayList<>();
      int from = 0;
      for (; candidates.size() - from > SwarmReader.BATCH; from += SwarmReader.BATCH) {
        List<Scored> some = candidates.subList(from, from + SwarmReader.BATCH);
        parts.add(new Part(some, some.get(some.size() - 1).score(), 0, false));
      }
      double end = entries.isEmpty() ? 0 : end();
      parts.add(new Part(candidates.subList(from, candidates.size()), end, entries.size(), isLast));
      return parts;
    }
  }

  /**
   * What was read.
   *
   * @param swarms one a candidate of the part, from the first on
   */
  private record Read(Part part, List<Optional<SwarmFields>> swarms) {

    boolean isWhole() {
      return swarms.size() >= part.candidates().size();
    }

    Part rest() {
      List<Scored> all = part.candidates();
      List<Scored> rest = all.subList(swarms.size(), all.size());
      return new Part(rest, part.end(), part.entries(), part.isLast());
    }
  }

  private Mono<Step> step(double below, int size) {
    return reads()
        .descending(context.keys().index(), below, size)
        .map(entries -> new Step(entries, entries.size() < size));
  }

  private RedisReads reads() {
    return context.link().reads();
  }

  private Flux<Part> parts(Step step, SwarmQuery query) {
    return ofStatus(step.entries(), query.status())
        .flatMap(some -> reader.sift(some, query))
        .flatMapIterable(step::parts);
  }

  /** Those of a status are known by their ids, so that nothing of the others is read. */
  private Mono<List<Scored>> ofStatus(List<Scored> entries, @Nullable SwarmStatus status) {
    if (status == null) {
      return Mono.just(entries);
    }
    List<String> ids = entries.stream().map(Scored::member).toList();
    return reads()
        .setMembersAmong(context.keys().status(status.word()), ids)
        .map(Set::copyOf)
        .map(members -> entries.stream().filter(one -> members.contains(one.member())).toList());
  }

  /** Of large swarms a call gives few, so there are more of them. */
  private Flux<Read> read(Part part) {
    return some(part).expand(read -> read.isWhole() ? Mono.empty() : some(read.rest()));
  }

  private Mono<Read> some(Part part) {
    return reader
        .some(part.candidates().stream().map(Scored::member).toList())
        .map(swarms -> new Read(part, swarms));
  }

  /** The page that is being made, by one thread at a time. */
  private final class Listing {
    private final SwarmQuery query;
    private final List<Swarm> found = new ArrayList<>();
    private double position;
    private int lookedAt;
    private int bytes;
    private boolean isAtEnd;

    Listing(SwarmQuery query) {
      this.query = query;
    }

    void add(Read read) {
      Part part = read.part();
      for (int i = 0; i < read.swarms().size(); i++) {
        if (isFull()) {
          return;
        }
        position = part.candidates().get(i).score();
        read.swarms().get(i).map(SwarmFields::swarm).filter(query::matches).ifPresent(this::add);
      }
      if (read.isWhole()) {
        position = part.end();
        lookedAt += part.entries();
        isAtEnd = part.isLast();
      }
    }

    private void add(Swarm swarm) {
      found.add(swarm);
      bytes += swarm.agents().length() + swarm.metadata().json().length();
    }

    private boolean isFull() {
      return found.size() >= query.limit() || bytes >= BYTE_BUDGET;
    }

    boolean isOver() {
      return isFull() || isAtEnd || lookedAt >= SCAN_BUDGET;
    }

    SwarmPage page() {
      return new SwarmPage(found, isAtEnd ? null : cursors.encode(position));
    }
  }
}
