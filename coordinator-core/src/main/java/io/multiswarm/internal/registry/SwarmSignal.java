package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.Signals;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What the registry's scripts tell the nodes about a swarm, for the parts that hold something for
 * it: tasks, resources, recovery. A hint, as every signal: who relies on it also reads the registry
 * on {@link Signals#onReset} (status interrupted, or not registered any more).
 *
 * @param incarnation that was lost; of {@code INTERRUPTED} the one that began with it
 * @param reason a plain word or two, such as {@code session lost}
 */
public record SwarmSignal(Kind kind, String swarmId, long incarnation, String reason) {

  /** What happened. */
  public enum Kind {
    /** Told to the node that held it: it does not any more, or will not again. */
    DETACHED,
    /** Told to all: its tasks and resources go back. */
    INTERRUPTED,
    /** Told to all: its metadata is another. */
    CHANGED,
    /** Told to all: it is not registered any more, deregistered or expired. */
    ENDED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Handlers run on the subscriber connection's event loop and must not block. */
  public static void on(Signals signals, Kind kind, Consumer<SwarmSignal> handler) {
    signals.on(kind.word(), rest -> handler.accept(parse(kind, rest)));
  }

  private static SwarmSignal parse(Kind kind, String rest) {
    String[] parts = rest.split(" ", 3);
    return new SwarmSignal(
        kind, parts[0], Long.parseLong(parts[1]), parts.length > 2 ? parts[2] : "");
  }
}
