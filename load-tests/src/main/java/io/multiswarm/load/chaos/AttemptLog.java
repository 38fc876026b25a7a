package io.multiswarm.load.chaos;

import io.multiswarm.load.client.ServerNotification.Assignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a worker process knows of the tasks of its swarms: it does each attempt once, and reports
 * again what was not answered.
 *
 * <p><b>Threading.</b> Safe.
 */
final class AttemptLog {

  private final Set<Attempt> busy = new HashSet<>();
  private final Set<Attempt> done = new HashSet<>();
  private final Map<Attempt, Assignment> unanswered = new HashMap<>();

  private record Attempt(String swarm, long task, long number) {
    static Attempt of(Assignment given) {
      return new Attempt(given.swarm(), given.stamp().number(), given.attempt());
    }
  }

  /** The process is another one. */
  synchronized void clear() {
    busy.clear();
    done.clear();
    unanswered.clear();
  }

  /** What was under way has ended with the connection before. */
  synchronized void newConnection() {
    busy.clear();
  }

  /** Whether it is to be done; false when that is so already. */
  synchronized boolean begin(Assignment given) {
    Attempt attempt = Attempt.of(given);
    return !done.contains(attempt) && busy.add(attempt);
  }

  synchronized void reporting(Assignment given) {
    unanswered.put(Attempt.of(given), given);
  }

  /** The report was accepted or refused. */
  synchronized void answered(Assignment given) {
    Attempt attempt = Attempt.of(given);
    busy.remove(attempt);
    unanswered.remove(attempt);
    done.add(attempt);
  }

  /** What the swarm has reported without an answer. */
  synchronized List<Assignment> unanswered(String swarm) {
    List<Assignment> reports = new ArrayList<>(unanswered.values());
    reports.removeIf(given -> !given.swarm().equals(swarm));
    return reports;
  }
}
