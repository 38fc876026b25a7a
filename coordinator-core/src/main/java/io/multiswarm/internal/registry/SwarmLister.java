package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmPage;
import io.multiswarm.registry.SwarmQuery;
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

  /** One call; its steps follow one another, so it needs no synchronisation. */
  private final class Listing {
    private final SwarmQuery query;
    private final List<Swarm> found = new ArrayList<>();
    private double position;
    private int looked;
    private int bytes;

    Listing(SwarmQuery query, double position) {
      this.query = query;
      this.position = position;
    }

    Mono<SwarmPage> next() {
      return context
          .link()
          .reads()
          .descending(context.keys().index(), position, SwarmReader.BATCH)
          .flatMap(
              entries ->
                  reader
                      .read(entries.stream().map(Scored::member).toList())
                      .flatMap(swarms -> take(entries, swarms)));
    }

    private Mono<SwarmPage> take(
        List<Scored> entries, List<Optional<SwarmReader.Versioned>> swarms) {
      for (int i = 0; i < entries.size(); i++) {
        if (isFull()) {
          return page(cursors.encode(position));
        }
        position = entries.get(i).score();
        looked++;
        swarms.get(i).map(SwarmReader.Versioned::swarm).filter(query::matches).ifPresent(this::add);
      }
      if (entries.size() < SwarmReader.BATCH) {
        return page(null);
      }
      return looked >= SCAN_BUDGET ? page(cursors.encode(position)) : next();
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
