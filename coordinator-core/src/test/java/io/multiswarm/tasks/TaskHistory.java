package io.multiswarm.tasks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a test saw happen to tasks, in the order in which it saw it, and whether that may have
 * happened: every accepted task ends once, no attempt has two holders, nobody has more than it gave
 * credit for.
 */
final class TaskHistory {

  private sealed interface Event {}

  private record Accepted(String task) implements Event {}

  private record Granted(String swarm, int credit) implements Event {}

  private record Assigned(String task, long attempt, String swarm) implements Event {}

  private record Completed(String task, long attempt, String swarm) implements Event {}

  private final Queue<Event> events = new ConcurrentLinkedQueue<>();

  void accepted(String task) {
    events.add(new Accepted(task));
  }

  /** To be told before the credit is given. */
  void granted(String swarm, int credit) {
    events.add(new Granted(swarm, credit));
  }

  void assigned(Assignment assignment) {
    events.add(new Assigned(assignment.taskId(), assignment.attempt(), assignment.swarmId()));
  }

  /** The completion was accepted. */
  void completed(Assignment assignment) {
    events.add(new Completed(assignment.taskId(), assignment.attempt(), assignment.swarmId()));
  }

  /** What must not have happened; empty when all is well. */
  List<String> violations() {
    List<String> wrong = new ArrayList<>();
    Set<String> accepted = new HashSet<>();
    Set<String> completed = new HashSet<>();
    Map<String, String> holders = new HashMap<>();
    Map<String, Integer> credit = new HashMap<>();
    for (Event event : events) {
      if (event instanceof Accepted one) {
        accepted.add(one.task());
      } else if (event instanceof Granted one) {
        credit.merge(one.swarm(), one.credit(), Integer::sum);
      } else if (event instanceof Assigned one) {
        String attempt = one.task() + " attempt " + one.attempt();
        if (holders.putIfAbsent(attempt, one.swarm()) != null) {
          wrong.add(attempt + " was assigned twice");
        }
        if (credit.merge(one.swarm(), -1, Integer::sum) < 0) {
          wrong.add(one.swarm() + " has more than it gave credit for");
        }
      } else if (event instanceof Completed one) {
        String attempt = one.task() + " attempt " + one.attempt();
        if (!completed.add(one.task())) {
          wrong.add(one.task() + " was completed twice");
        }
        if (!one.swarm().equals(holders.get(attempt))) {
          wrong.add(attempt + " was completed by another than its holder");
        }
      }
    }
    accepted.stream()
        .filter(task -> !completed.contains(task))
        .forEach(task -> wrong.add(task + " was lost"));
    return wrong;
  }
}
