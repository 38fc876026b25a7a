package io.multiswarm.load.judge;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run's tasks, numbered from 0. The promises it is held against: a task that was
 * accepted ends in exactly one accepted completion, which is that of its last attempt; a swarm is
 * never given more tasks than it asked for; each assignment of a task has a higher attempt than
 * those before.
 *
 * <p>It may be told from several threads. What a swarm asks for is to be told before the request
 * leaves, because the task may be there before the answer. An ended task is one bit; memory grows
 * with unfinished tasks.
 *
 * <p>Where connections break, an answer may be missing that says what became of a completion.
 * {@link #reporting} and {@link #found} are for those; without them a task is lost whose completion
 * was not answered.
 */
public final class TaskLedger {

  private static final int MAX_EXAMPLES = 10;

  private final Map<Long, Unfinished> unfinished = new HashMap<>();
  private final BitSet finished = new BitSet();
  private final Map<Long, Attempt> found = new HashMap<>();
  private final Credits credits = new Credits();
  private final List<String> examples = new ArrayList<>();
  private long accepted;
  private long completed;
  private long assigned;
  private long completedTwice;
  private long staleCompletions;
  private long unreportedCompletions;
  private long withoutCredit;
  private long attemptsNotGrown;
  private long afterTheEnd;

  private static final class Unfinished {
    private boolean accepted;
    private boolean completed;
    private long attempt;
    private @Nullable String swarm;
    private Set<Attempt> reported = Set.of();
  }

  private record Attempt(String swarm, long number) {}

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
    credits.requested(swarm, n);
  }

  /** A swarm is about to be attached again, which makes void what it had asked for. */
  public synchronized void attached(String swarm) {
    credits.attached(swarm);
  }

  /** A swarm was given a task. */
  public synchronized void assigned(String swarm, long task, long attempt) {
    assigned(swarm, task, attempt, credits.use(swarm));
  }

  /**
   * A swarm that was attached again was told that it has a task from before: what it knows, or an
   * assignment that did not reach it. It may have completed the task meanwhile.
   */
  public synchronized void held(String swarm, long task, long attempt) {
    Unfinished state = unfinished.get(task);
    boolean known =
        finished.get(index(task))
            || state != null
                && (state.attempt > attempt
                    || state.attempt == attempt && swarm.equals(state.swarm));
    if (!known) {
      assigned(swarm, task, attempt, credits.useFormer(swarm));
    }
  }

  private void assigned(String swarm, long task, long attempt, boolean hadCredit) {
    assigned++;
    if (!hadCredit) {
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

  /** A completion is about to be reported; its answer may never come. */
  public synchronized void reporting(String swarm, long task, long attempt) {
    if (!finished.get(index(task))) {
      Unfinished state = state(task);
      if (state.reported.isEmpty()) {
        state.reported = new HashSet<>();
      }
      state.reported.add(new Attempt(swarm, attempt));
    }
  }

  /** A completion that had not been reported before was accepted. */
  public synchronized void completed(String swarm, long task, long attempt) {
    if (!found.isEmpty() && new Attempt(swarm, attempt).equals(found.remove(task))) {
      return; // the answer, which was not lost but late
    }
    completed++;
    Unfinished state = finished.get(index(task)) ? null : state(task);
    if (state == null || state.completed) {
      completedTwice++;
      example("task %d was completed again by %s (attempt %d)", task, swarm, attempt);
      return;
    }
    if (attempt < state.attempt) {
      staleCompletions++;
      example(
          "the completion of task %d by %s (attempt %d) was accepted when %s had attempt %d",
          task, swarm, attempt, state.swarm, state.attempt);
    }
    state.completed = true;
    forgetIfEnded(task, state);
  }

  /**
   * The store says that a task is completed, and by which attempt. That settles a task of which no
   * completion was answered; the answer may still come.
   */
  public synchronized void found(String swarm, long task, long attempt) {
    Unfinished state = unfinished.get(task);
    if (state == null || state.completed) {
      return;
    }
    if (!state.reported.contains(new Attempt(swarm, attempt))) {
      unreportedCompletions++;
      example(
          "task %d is completed by %s (attempt %d), which has never reported that",
          task, swarm, attempt);
    }
    completed(swarm, task, attempt);
    found.put(task, new Attempt(swarm, attempt));
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

  /** How many tasks were completed, a second time included. */
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
        new TaskVerdict.Completions(completedTwice, staleCompletions, unreportedCompletions),
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
