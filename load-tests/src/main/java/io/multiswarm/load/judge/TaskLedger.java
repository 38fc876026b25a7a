package io.multiswarm.load.judge;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run's tasks, numbered from 0. The promises it is held against: a task that was
 * accepted ends in exactly one accepted completion; a swarm is never given more tasks than it asked
 * for; each assignment of a task has a higher attempt than those before.
 *
 * <p>It may be told from several threads. What a swarm asks for is to be told before the request
 * leaves, because the task may be there before the answer. An ended task is one bit; memory grows
 * with unfinished tasks.
 */
public final class TaskLedger {

  private static final int MAX_EXAMPLES = 10;

  private final Map<Long, Unfinished> unfinished = new HashMap<>();
  private final BitSet finished = new BitSet();
  private final Map<String, Long> credits = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long accepted;
  private long completed;
  private long assigned;
  private long completedTwice;
  private long withoutCredit;
  private long attemptsNotGrown;
  private long afterTheEnd;

  private static final class Unfinished {
    private boolean accepted;
    private boolean completed;
    private long attempt;
    private @Nullable String swarm;
  }

  /** A submission was answered. The assignment, and even the completion, may have come before. */
  public synchronized void accepted(long task) {
    accepted++;
    if (!finished.get(index(task))) {
      Unfinished state = state(task);
      state.accepted = true;
      forgetIfEnded(task, state);
    }
  }

  /** A swarm is about to ask for {@code n} more tasks. */
  public synchronized void requested(String swarm, long n) {
    credits.merge(swarm, n, Long::sum);
  }

  /** A swarm was given a task. */
  public synchronized void assigned(String swarm, long task, long attempt) {
    assigned++;
    if (credits.merge(swarm, -1L, Long::sum) < 0) {
      withoutCredit++;
      example("%s was given task %d beyond what it asked for", swarm, task);
    }
    if (finished.get(index(task))) {
      afterTheEnd++;
      example(
          "%s was given task %d (attempt %d) when it was completed already", swarm, task, attempt);
      return;
    }
    Unfinished state = state(task);
    if (attempt <= state.attempt) {
      attemptsNotGrown++;
      example(
          "task %d: attempt %d (%s) came after attempt %d (%s)",
          task, attempt, swarm, state.attempt, state.swarm);
    }
    state.attempt = Math.max(attempt, state.attempt);
    state.swarm = swarm;
  }

  /** A completion that had not been reported before was accepted. */
  public synchronized void completed(String swarm, long task, long attempt) {
    completed++;
    Unfinished state = finished.get(index(task)) ? null : state(task);
    if (state == null || state.completed) {
      completedTwice++;
      example("task %d was completed again by %s (attempt %d)", task, swarm, attempt);
      return;
    }
    state.completed = true;
    forgetIfEnded(task, state);
  }

  private Unfinished state(long task) {
    return unfinished.computeIfAbsent(task, any -> new Unfinished());
  }

  private void forgetIfEnded(long task, Unfinished state) {
    if (state.accepted && state.completed) {
      unfinished.remove(task);
      finished.set(index(task));
    }
  }

  private static int index(long task) {
    return Math.toIntExact(task);
  }

  /** Whether every accepted task is completed. */
  public synchronized boolean isQuiet() {
    return unfinished.values().stream().noneMatch(state -> state.accepted);
  }

  public synchronized long completed() {
    return completed;
  }

  /** How many tasks are accepted and not completed. */
  public synchronized long open() {
    return unfinished.values().stream().filter(state -> state.accepted).count();
  }

  /** The first accepted tasks that are not completed. */
  public synchronized List<Long> openTasks(int limit) {
    return unfinished.entrySet().stream()
        .filter(entry -> entry.getValue().accepted)
        .map(Map.Entry::getKey)
        .sorted()
        .limit(limit)
        .toList();
  }

  /** The judgement on what was told so far; what is not completed by now is lost. */
  public synchronized TaskVerdict verdict() {
    return new TaskVerdict(
        new TaskVerdict.Counts(accepted, assigned, completed),
        open(),
        completedTwice,
        withoutCredit,
        attemptsNotGrown,
        afterTheEnd);
  }

  /** A few of the things that went wrong, in words. */
  public synchronized List<String> examples() {
    return List.copyOf(examples);
  }

  private void example(String format, @Nullable Object... arguments) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(format.formatted(arguments));
    }
  }
}
