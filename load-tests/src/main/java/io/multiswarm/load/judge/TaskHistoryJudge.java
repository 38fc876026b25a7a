package io.multiswarm.load.judge;

import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a history of {@code task.submit}, {@code task.assigned} and {@code task.complete}: of each
 * task at most one completion was accepted, by one swarm in one attempt (the same report sent again
 * is the same completion), nobody completed what was not assigned to them, and no attempt was
 * assigned to two swarms.
 *
 * <p>It needs neither the order of the lines nor all of them: what a history does not tell convicts
 * nobody. Whether everything that was accepted was completed only a complete history can tell.
 */
public final class TaskHistoryJudge {

  private static final int MAX_EXAMPLES = 10;

  private final Map<String, Set<String>> completions = new HashMap<>();
  private final Map<String, String> holders = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();
  private final List<String> examples = new ArrayList<>();
  private long twice;
  private long unassigned;
  private long attemptsOfTwo;

  private TaskHistoryJudge() {}

  /**
   * What a history shows.
   *
   * @param accepted tasks
   * @param completed tasks
   * @param twice completions beyond the first of a task
   * @param unassigned accepted completions of an attempt that its swarm was never told of
   * @param attemptsOfTwo attempts that two swarms were told of
   * @param examples of what went wrong, in words
   */
  public record Verdict(
      long accepted,
      long completed,
      long twice,
      long unassigned,
      long attemptsOfTwo,
      List<String> examples)
      implements Findings {

    @Override
    public Map<String, Long> defects() {
      Map<String, Long> defects = new LinkedHashMap<>();
      defects.put("tasks with a second completion", twice);
      defects.put("completions of what was never assigned", unassigned);
      defects.put("attempts that two swarms were given", attemptsOfTwo);
      return defects;
    }
  }

  /** The judgement on a whole history. */
  public static Verdict judge(List<Operation> history) {
    var judge = new TaskHistoryJudge();
    List<Operation> ordered = new ArrayList<>(history);
    ordered.sort(Comparator.comparingLong(operation -> operation.span().completed()));
    ordered.forEach(judge::assignment);
    ordered.forEach(judge::rest);
    return new Verdict(
        judge.accepted.size(),
        judge.completions.size(),
        judge.twice,
        judge.unassigned,
        judge.attemptsOfTwo,
        List.copyOf(judge.examples));
  }

  /** By an event, or by what a swarm still has when it is attached again. */
  private void assignment(Operation operation) {
    if (operation.method().equals("task.assigned")) {
      String task = operation.value().path("task").path("id").asString("");
      assigned(task, operation.value().path("attempt").asLong(), swarm(operation));
    } else if (operation.is("swarm.attach", Outcome.OK)) {
      operation
          .result()
          .path("leases")
          .forEach(
              lease ->
                  assigned(
                      lease.path("task").path("id").asString(""),
                      lease.path("attempt").asLong(),
                      lease.path("swarmId").asString(swarm(operation))));
    }
  }

  private void assigned(String task, long attempt, String swarm) {
    String other = holders.putIfAbsent(key(task, attempt), swarm);
    if (other != null && !other.equals(swarm)) {
      attemptsOfTwo++;
      example("attempt %d of %s was given to %s and to %s".formatted(attempt, task, other, swarm));
    }
  }

  private void rest(Operation operation) {
    if (operation.is("task.submit", Outcome.OK)) {
      accepted.add(operation.value().path("task").path("id").asString(""));
    } else if (operation.is("task.complete", Outcome.OK)) {
      completed(
          operation.value().path("taskId").asString(""),
          operation.value().path("attempt").asLong(),
          swarm(operation));
    }
  }

  private void completed(String task, long attempt, String swarm) {
    Set<String> ofTask = completions.computeIfAbsent(task, any -> new HashSet<>());
    if (ofTask.add(swarm + ' ' + attempt) && ofTask.size() > 1) {
      twice++;
      example("%s was completed more than once: %s".formatted(task, ofTask));
    }
    if (!swarm.equals(holders.get(key(task, attempt)))) {
      unassigned++;
      example(
          "%s completed attempt %d of %s, which it was not given".formatted(swarm, attempt, task));
    }
  }

  private void example(String words) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(words);
    }
  }

  private static String key(String task, long attempt) {
    return task + ' ' + attempt;
  }

  private static String swarm(Operation operation) {
    return operation.value().path("swarmId").asString("");
  }
}
