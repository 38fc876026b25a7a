package io.multiswarm.internal.node;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a reader of many could not read. It goes on without it, so that one damaged record harms
 * nobody else; each is counted, and named in the log once.
 */
public final class Unreadable {

  private static final Logger log = LoggerFactory.getLogger(Unreadable.class);

  /** So many are named; whoever has more of them knows by then, and has the number. */
  private static final int MOST_NAMED = 1_000;

  private final Set<String> named = ConcurrentHashMap.newKeySet();
  private final LongAdder met = new LongAdder();

  /**
   * What {@code reader} returns; empty when it throws, whatever that is.
   *
   * @param kind of the record, such as {@code swarm}
   * @param which of these it is; only who could not be read is named
   */
  public <T> Optional<T> passing(String kind, Object which, Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (RuntimeException e) {
      met(kind + ' ' + which, e.toString());
      return Optional.empty();
    }
  }

  /** Counts one, and names it if it is the first time. */
  public void met(String name, String why) {
    met.increment();
    if (named.size() < MOST_NAMED && named.add(name)) {
      log.warn("Passed over {}, which is not readable: {}", name, why);
    }
  }

  /** How often one was met since the node started. */
  public long count() {
    return met.sum();
  }
}
