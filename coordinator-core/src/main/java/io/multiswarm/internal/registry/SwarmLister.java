package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.registry.SwarmStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Pages through {@code swarm:index}, newest first, in steps of {@link SwarmReader#BATCH}.
 *
 * <p>The scores are unique and never change, so the score of the last swarm that was looked at is a
 * position that stays good while others come and go.
 */
final class SwarmLister {

  /** Ids a step, of those that are known by their status. */
  private static final int IDS = 500;

  /** Swarms that one call looks at, at most. */
  private static final int SCAN_BUDGET = 10_000;

  /** Bytes of metadata and agents after which a page ends early. */
  private static final int BYTE_BUDGET = 512 << 10;

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
          return new Listing(query, below).next();
        });
  }

  /** Entries of the index that were read together, and those of them that may be listed. */
  private static final class Step {
    private final List<Scored> entries;
    private final List<String> candidates;
    private int passed;
    private int read;

    Step(List<Scored> entries, List<String> candidates) {
      this.entries = entries;
      this.candidates = candidates;
    }

    int size() {
      return entries.size();
    }

    boolean hasNext() {
      return passed < entries.size();
    }

    Scored next() {
      return entries.get(passed++);
    }

    String nextId() {
      return candidates.get(read++);
    }

    List<String> unread() {
      return candidates.subList(read, Math.min(candidates.size(), read + SwarmReader.BATCH));
    }
  }

  /** One call; its steps follow one another, so it needs no synchronisation. */
  private final class Listing {
    private final SwarmQuery query;
    private final List<Swarm> found = new ArrayList<>();
    private final int step;
    private double position;
    private int looked;
    private int bytes;

    Listing(SwarmQuery query, double position) {
      this.query = query;
      this.position = position;
      this.step = query.status() == null ? SwarmReader.BATCH : IDS;
    }

    Mono<SwarmPage> next() {
      return context
          .link()
          .reads()
          .descending(context.keys().index(), position, step)
          .flatMap(entries -> candidates(entries).flatMap(ids -> walk(new Step(entries, ids))));
    }

    /** Those of a status are known by their ids, so that nothing of the others is read. */
    private Mono<List<String>> candidates(List<Scored> entries) {
      List<String> ids = entries.stream().map(Scored::member).toList();
      SwarmStatus status = query.status();
      return status == null
          ? Mono.just(ids)
          : context.link().reads().setMembersAmong(context.keys().status(status.word()), ids);
    }

    /** Reads on until the page is full, a script at a time; of large swarms each gives few. */
    private Mono<SwarmPage> walk(Step entries) {
      List<String> ids = entries.unread();
      if (ids.isEmpty()) {
        passUpTo(entries, null);
        return after(entries);
      }
      return reader
          .some(ids)
          .flatMap(
              read -> {
                for (Optional<SwarmFields> one : read) {
                  if (isFull()) {
                    return page(cursors.encode(position));
                  }
                  passUpTo(entries, entries.nextId());
                  one.map(SwarmFields::swarm).filter(query::matches).ifPresent(this::add);
                }
                return walk(entries);
              });
    }

    /** Notes that everything was looked at up to this swarm; null: to the end of the step. */
    private void passUpTo(Step entries, @Nullable String id) {
      while (entries.hasNext()) {
        Scored entry = entries.next();
        position = entry.score();
        looked++;
        if (entry.member().equals(id)) {
          return;
        }
      }
    }

    private Mono<SwarmPage> after(Step entries) {
      if (entries.size() < step) {
        return page(null);
      }
      return looked >= SCAN_BUDGET || isFull() ? page(cursors.encode(position)) : next();
    }

    private boolean isFull() {
      return found.size() >= query.limit() || bytes >= BYTE_BUDGET;
    }

    private void add(Swarm swarm) {
      found.add(swarm);
      bytes += swarm.agents().length() + swarm.metadata().json().length();
    }

    private Mono<SwarmPage> page(@Nullable String nextCursor) {
      return Mono.just(new SwarmPage(found, nextCursor));
    }
  }
}
