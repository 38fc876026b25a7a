package io.multiswarm.load.judge;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares, at the end of a run, what the store says of each task with what workers were told. It
 * sees what no worker can see: a second completion in a task's own history, or a completed task
 * that was forgotten.
 *
 * <p>It may be told from several threads.
 */
public final class TaskAudit {

  private static final int MAX_EXAMPLES = 10;
  private static final String COMPLETED = "completed";
  private static final String ASSIGNED = "assigned";

  private final boolean endedMayGo;
  private final BitSet accepted = new BitSet();
  private final BitSet read = new BitSet();
  private final Map<Integer, Completion> answered = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long notCompleted;
  private long completedAgain;
  private long attemptsNotGrown;
  private long contradicting;

  public TaskAudit() {
    this(false);
  }

  /**
   * @param endedMayGo whether the store had to make room: ended tasks may not be there any more,
   *     and are missing only when nobody was told that they were completed
   */
  public TaskAudit(boolean endedMayGo) {
    this.endedMayGo = endedMayGo;
  }

  private record Completion(String swarm, long attempt) {}

  /** A line of a task's history in the store. */
  public record Note(String status, long attempt) {}

  /**
   * A task as the store has it in the end.
   *
   * @param swarm that has it or ended it
   * @param attempt the last one
   */
  public record Ending(long task, String status, String swarm, long attempt, List<Note> history) {}

  /** A submission was answered. */
  public synchronized void accepted(long task) {
    accepted.set(Math.toIntExact(task));
  }

  /** A worker was told that its completion is accepted. */
  public synchronized void completed(String swarm, long task, long attempt) {
    answered.put(Math.toIntExact(task), new Completion(swarm, attempt));
  }

  /** What the store says; each task is read once. */
  public synchronized void read(Ending ending) {
    int task = Math.toIntExact(ending.task());
    read.set(task);
    if (!ending.status().equals(COMPLETED)) {
      notCompleted++;
      example("is not completed", ending);
    }
    if (ending.history().stream().filter(note -> note.status().equals(COMPLETED)).count() > 1) {
      completedAgain++;
      example("was completed more than once", ending);
    }
    if (!attemptsGrow(ending.history())) {
      attemptsNotGrown++;
      example("was assigned with attempts that did not grow", ending);
    }
    Completion told = answered.get(task);
    if (told != null && !told.equals(new Completion(ending.swarm(), ending.attempt()))) {
      contradicting++;
      example("is completed by another than %s, which was told so".formatted(told), ending);
    }
  }

  private static boolean attemptsGrow(List<Note> history) {
    long last = 0;
    for (Note note : history) {
      if (note.status().equals(ASSIGNED)) {
        if (note.attempt() <= last) {
          return false;
        }
        last = note.attempt();
      }
    }
    return true;
  }

  private void example(String what, Ending ending) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add("in the store, task %d %s: %s".formatted(ending.task(), what, ending));
    }
  }

  /**
   * What the audit shows.
   *
   * @param read tasks that the store has
   * @param missing accepted tasks that it does not have
   * @param notCompleted tasks that it has as anything but completed
   * @param completedAgain tasks with several completions in their history
   * @param attemptsNotGrown tasks with an assignment whose attempt is not above the one before
   * @param contradicting tasks that are completed by another attempt than the one whose worker was
   *     told so
   */
  public record Verdict(
      long read,
      long missing,
      long notCompleted,
      long completedAgain,
      long attemptsNotGrown,
      long contradicting)
      implements Findings {

    @Override
    public Map<String, Long> defects() {
      Map<String, Long> defects = new LinkedHashMap<>();
      defects.put("accepted tasks missing", missing);
      defects.put("tasks not completed", notCompleted);
      defects.put("completed several times", completedAgain);
      defects.put("with attempts not grown", attemptsNotGrown);
      defects.put("completed by another than told", contradicting);
      return defects;
    }
  }

  public synchronized Verdict verdict() {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(read);
    if (endedMayGo) {
      answered.keySet().forEach(missing::clear);
    }
    return new Verdict(
        read.cardinality(),
        missing.cardinality(),
        notCompleted,
        completedAgain,
        attemptsNotGrown,
        contradicting);
  }

  /** A few of the things that went wrong, in words. */
  public synchronized List<String> examples() {
    return List.copyOf(examples);
  }
}
