package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Capabilities;
import io.multiswarm.common.Priority;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskStrategy;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import io.multiswarm.tasks.TaskStrategy.Ranking;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rankings in use: one a strategy, required capabilities and, where the strategy looks at it,
 * priority. Each is made when a lane first needs it; the least recently used go when there are
 * many, so that memory is bounded by their number times that of the swarms.
 */
final class Rankings {

  private static final Logger log = LoggerFactory.getLogger(Rankings.class);
  private static final int MOST = 256;

  /**
   * Cycles whose place is remembered, here and in Redis. Beyond that some begin anew: fairness is
   * lost for one round, and nothing else.
   */
  static final int MOST_CURSORS = 1_024;

  private final TaskStrategies strategies;
  private final Map<Key, Ranked> byKey = new LinkedHashMap<>(16, 0.75f, true);

  /** Under one of the capabilities that each requires: who is in it has that one. */
  private final Map<String, Set<Ranked>> byCapability = new HashMap<>();

  private final Map<String, String> cursors =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_CURSORS;
        }
      };

  private record Key(String strategy, List<String> capabilities, @Nullable Priority priority) {

    /** The field of the cursor in Redis. */
    String name() {
      return strategy
          + ':'
          + (priority == null ? "" : priority.word())
          + ':'
          + Capabilities.encoded(capabilities);
    }
  }

  /** A ranking, and what it is for. */
  record Ranked(String name, String strategy, Lane lane, Ranking ranking) {}

  Rankings(TaskStrategies strategies) {
    this.strategies = strategies;
  }

  /** Where cycles stood under the leader before. */
  void resume(Map<String, String> saved) {
    cursors.putAll(saved);
  }

  /**
   * The ranking for a lane.
   *
   * @param byDefault strategy of lanes that name none
   * @param candidates who may be in it; asked only if it is made now, because they may be many
   */
  Ranked of(Lane lane, String byDefault, Supplier<Collection<Candidate>> candidates) {
    TaskStrategy strategy = strategy(lane.strategy().isEmpty() ? byDefault : lane.strategy());
    Key key =
        new Key(
            strategy.name(),
            lane.capabilities(),
            strategy.ranksByPriority() ? lane.priority() : null);
    Ranked present = byKey.get(key);
    return present != null ? present : make(key, strategy, lane, candidates.get());
  }

  private Ranked make(Key key, TaskStrategy strategy, Lane lane, Collection<Candidate> candidates) {
    if (byKey.size() >= MOST) {
      Iterator<Ranked> oldest = byKey.values().iterator();
      Ranked forgotten = oldest.next();
      remember(forgotten);
      byCapability.computeIfPresent(
          capability(forgotten.lane()),
          (any, all) -> all.remove(forgotten) && all.isEmpty() ? null : all);
      oldest.remove();
    }
    Ranking ranking = strategy.ranking(lane, cursors.get(key.name()));
    candidates.stream().filter(one -> one.credit() > 0 && one.isAble(lane)).forEach(ranking::add);
    Ranked made = new Ranked(key.name(), key.strategy(), lane, ranking);
    byKey.put(key, made);
    byCapability.computeIfAbsent(capability(lane), any -> new LinkedHashSet<>()).add(made);
    return made;
  }

  private static String capability(Lane lane) {
    List<String> capabilities = lane.capabilities();
    return capabilities.isEmpty()
        ? CapabilityIndex.ANYBODY
        : capabilities.get(capabilities.size() - 1);
  }

  private void remember(Ranked ranked) {
    String cursor = ranked.ranking().cursor();
    if (cursor != null) {
      cursors.put(ranked.name(), cursor);
    }
  }

  private TaskStrategy strategy(String name) {
    return strategies
        .find(name)
        .orElseGet(
            () -> {
              log.warn("Strategy {} is not known on this node; least_loaded stands in", name);
              return strategies.leastLoaded();
            });
  }

  /** A candidate changed; null for one that was not there, or is not any more. */
  void change(@Nullable Candidate before, @Nullable Candidate after) {
    change(CapabilityIndex.ANYBODY, before, after);
    Set<String> had = before == null ? Set.of() : before.capabilities();
    Set<String> has = after == null ? Set.of() : after.capabilities();
    had.forEach(capability -> change(capability, before, after));
    if (!had.equals(has)) {
      has.stream()
          .filter(capability -> !had.contains(capability))
          .forEach(capability -> change(capability, before, after));
    }
  }

  private void change(String capability, @Nullable Candidate before, @Nullable Candidate after) {
    for (Ranked ranked : byCapability.getOrDefault(capability, Set.of())) {
      if (before != null && before.credit() > 0 && before.isAble(ranked.lane())) {
        ranked.ranking().remove(before);
      }
      if (after != null && after.credit() > 0 && after.isAble(ranked.lane())) {
        ranked.ranking().add(after);
      }
    }
  }
}
