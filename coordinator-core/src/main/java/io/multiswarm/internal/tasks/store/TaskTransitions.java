package io.multiswarm.internal.tasks.store;

import io.multiswarm.internal.node.Signals;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The signal {@code task-moved}, by which every script that moves tasks tells all nodes what it
 * did, decoded once for all listeners. The text is described at {@code ledger_commit} in {@code
 * lib/task}.
 */
public final class TaskTransitions {

  /** Is in every text by which a task dies, and may be in others. */
  public static final String DEATH = " D ";

  private static final String NONE = "-";

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Called on the event loop of the subscriber connection; must not block. */
  public interface Listener {
    /** Whether the moves interest it at the moment; not asked for the loads. */
    default boolean isListening() {
      return true;
    }

    /** As {@link #isListening()}, of moves that are not decoded yet. */
    default boolean isListening(String text) {
      return isListening();
    }

    void moved(Move move);

    /** A swarm's unfinished assignments after the moves. */
    default void load(String swarmId, int load) {}

    /** Signals may have been lost before this. */
    default void reset() {}
  }

  /**
   * @param place where a task waits that became assignable; null for all others
   * @param dueMs until a pending task becomes assignable, or an assigned one's lease is over; -1
   *     for all others
   */
  public record Move(TaskUpdate update, @Nullable String place, long dueMs) {}

  public TaskTransitions(Signals signals) {
    signals.on("task-moved", this::decode);
    signals.onReset(() -> listeners.forEach(Listener::reset));
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public void unlisten(Listener listener) {
    listeners.remove(listener);
  }

  private void decode(String text) {
    List<Listener> listening =
        listeners.stream().filter(listener -> listener.isListening(text)).toList();
    if (listening.isEmpty()) {
      return;
    }
    int end = text.indexOf('\n');
    decodeLoads(text.substring(0, end), listening);
    int from = end + 1;
    while (from < text.length()) {
      int next = text.indexOf('\n', from);
      next = next < 0 ? text.length() : next;
      Move move = move(text.substring(from, next).split(" ", 6));
      listening.forEach(listener -> listener.moved(move));
      from = next + 1;
    }
  }

  private static void decodeLoads(String loads, List<Listener> listening) {
    if (loads.isEmpty()) {
      return;
    }
    for (String one : loads.split(" ")) {
      int equals = one.indexOf('=');
      String swarm = one.substring(0, equals);
      int load = Integer.parseInt(one.substring(equals + 1));
      listening.forEach(listener -> listener.load(swarm, load));
    }
  }

  private static Move move(String[] words) {
    TaskUpdate update =
        new TaskUpdate(
            words[0],
            TaskStatus.of(words[1].charAt(0)),
            Long.parseLong(words[2]),
            orNull(words[3]),
            orNull(words[4]));
    String where = words[5];
    if (where.equals(NONE)) {
      return new Move(update, null, -1);
    }
    return where.startsWith("+")
        ? new Move(update, null, Long.parseLong(where.substring(1)))
        : new Move(update, where, -1);
  }

  private static @Nullable String orNull(String word) {
    return word.equals(NONE) ? null : word;
  }
}
