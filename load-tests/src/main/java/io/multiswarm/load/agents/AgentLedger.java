package io.multiswarm.load.agents;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the agents were told. Safe for concurrent use. */
final class AgentLedger {

  private static final int MOST_EXAMPLES = 10;

  private final Map<String, Long> completed = new HashMap<>();
  private final Set<String> uncertain = new HashSet<>();
  private final Map<String, Long> events = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long twice;
  private long reclaimed;
  private long silentGaps;
  private long messages;

  /** A completion was accepted; of one attempt that may be told again. */
  synchronized void completed(String task, long attempt) {
    Long former = completed.putIfAbsent(task, attempt);
    if (former != null && former != attempt) {
      twice++;
      example("%s was completed by the attempts %d and %d".formatted(task, former, attempt));
    }
  }

  /** An agent was killed before it was answered. */
  synchronized void uncertain(String task) {
    uncertain.add(task);
  }

  /** Of those the ones that nobody told to be completed since. */
  synchronized Set<String> uncertain() {
    uncertain.removeAll(completed.keySet());
    return Set.copyOf(uncertain);
  }

  synchronized int completedCount() {
    return completed.size();
  }

  /** An agent that lived all the while lost what it was doing. */
  synchronized void reclaimed(String agent, String task, long attempt, Duration outOfReach) {
    reclaimed++;
    example(
        "%s lived and lost %s (attempt %d), %d ms after its last answer"
            .formatted(agent, task, attempt, outOfReach.toMillis()));
  }

  synchronized void heard() {
    messages++;
  }

  /** A message did not come, and nothing said so. */
  synchronized void silentGap(String agent, long last, long next) {
    silentGaps++;
    example("%s heard %d after %d and was not told of a gap".formatted(agent, next, last));
  }

  /** Something that may happen, worth counting. */
  synchronized void event(String what) {
    events.merge(what, 1L, Long::sum);
  }

  private void example(String words) {
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(words);
    }
  }

  synchronized Map<String, Long> events() {
    Map<String, Long> all = new TreeMap<>(events);
    all.put("messages heard", messages);
    return all;
  }

  synchronized Map<String, Long> defects() {
    return new TreeMap<>(
        Map.of(
            "completed twice", twice,
            "live agents reclaimed", reclaimed,
            "silent gaps", silentGaps));
  }

  synchronized List<String> examples() {
    return List.copyOf(examples);
  }
}
