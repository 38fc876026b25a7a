package io.multiswarm.internal.state;

import io.multiswarm.state.SwarmState;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * States that were read or written a moment ago. An entry tells the newest version that this node
 * heard of, and the state of that version if it has it: a read that was under way while a newer
 * version was announced finds the announcement and is not kept.
 *
 * <p>Bounded by age, number and bytes; entries are in the order of their age, so the oldest go
 * first.
 */
final class StateCache {

  static final Duration MAX_AGE = Duration.ofSeconds(5);

  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 32L << 20;

  private record Entry(long version, @Nullable SwarmState state, long at) {
    long bytes() {
      return state == null ? 0 : state.state().length();
    }
  }

  private final Scheduler scheduler;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  StateCache(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Null when it is not known, too old, or known to be outdated. */
  synchronized @Nullable SwarmState find(String swarmId) {
    Entry entry = entries.get(swarmId);
    return entry == null || isOld(entry) ? null : entry.state();
  }

  /** Keeps a state that Redis told, unless a newer one is known to exist. */
  synchronized void offer(String swarmId, SwarmState state) {
    Entry known = entries.get(swarmId);
    if (known == null || known.version() <= state.version()) {
      put(swarmId, new Entry(state.version(), state, now()));
    }
  }

  /** A version was saved somewhere: what is older is outdated. */
  synchronized void heardOf(String swarmId, long version) {
    Entry known = entries.get(swarmId);
    if (known == null || known.version() < version) {
      put(swarmId, new Entry(version, null, now()));
    }
  }

  synchronized void forget(String swarmId) {
    remove(swarmId);
  }

  synchronized void clear() {
    entries.clear();
    bytes = 0;
  }

  private void put(String swarmId, Entry entry) {
    remove(swarmId);
    entries.put(swarmId, entry);
    bytes += entry.bytes();
    trim();
  }

  private void remove(String swarmId) {
    Entry removed = entries.remove(swarmId);
    if (removed != null) {
      bytes -= removed.bytes();
    }
  }

  private void trim() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entries.size() <= MOST_ENTRIES && bytes <= MOST_BYTES && !isOld(entry)) {
        return;
      }
      oldest.remove();
      bytes -= entry.bytes();
    }
  }

  private boolean isOld(Entry entry) {
    return now() - entry.at() >= MAX_AGE.toMillis();
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }
}
