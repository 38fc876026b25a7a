package io.multiswarm.internal.node;

import io.multiswarm.common.Ownership;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The swarms that are attached to this node. Written by the registry, read by election, heartbeat,
 * tasks and messaging.
 *
 * <p>What it says is what this node believes; what counts is the roster in Redis, which every
 * script compares. A difference lasts until the signal {@code detached} arrives or the next
 * reconciliation.
 *
 * <p><b>Threading.</b> Safe for concurrent use. Listeners run on the thread of the change.
 */
public final class AttachedSwarms {

  /** The reason of a loss after which the swarm may come back within its grace. */
  public static final String SESSION_LOST = "session lost";

  /**
   * A swarm attached here.
   *
   * @param createdAt of the swarm, ms since the epoch; the oldest stands for election
   */
  public record Held(Ownership ownership, long createdAt) {
    public String swarmId() {
      return ownership.swarmId();
    }

    /**
     * Whether it was created here and has saved nothing: an incarnation is the moment of its
     * attachment, unless it had to be larger.
     */
    public boolean isNew() {
      return ownership.incarnation() == createdAt;
    }
  }

  /** Hears of changes; must not block. */
  public interface Listener {
    default void attached(Held held) {}

    /**
     * @param reason {@link #SESSION_LOST}, or such as {@code taken over}, {@code deregistered}
     */
    default void lost(Held held, String reason) {}
  }

  private static final Comparator<Held> BY_AGE =
      Comparator.comparingLong(Held::createdAt).thenComparing(Held::swarmId);

  private final Map<String, Held> bySwarm = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public void unlisten(Listener listener) {
    listeners.remove(listener);
  }

  /**
   * Holds a swarm, unless a newer incarnation of it is held already. An older one is lost: its
   * holder, another session of this node, hears it here and not by a signal.
   */
  public void add(Held held) {
    AtomicReference<@Nullable Held> former = new AtomicReference<>();
    Held kept =
        bySwarm.merge(
            held.swarmId(),
            held,
            (present, added) -> {
              former.set(present);
              return newer(present, added);
            });
    if (kept != held) {
      return;
    }
    Held fenced = former.get();
    if (fenced != null) {
      listeners.forEach(listener -> listener.lost(fenced, "taken over"));
    }
    listeners.forEach(listener -> listener.attached(held));
  }

  /** Lets go of a swarm, if it is held with {@code incarnation} or an older one. */
  public void remove(String swarmId, long incarnation, String reason) {
    Held held = bySwarm.get(swarmId);
    if (held != null
        && held.ownership().incarnation() <= incarnation
        && bySwarm.remove(swarmId, held)) {
      listeners.forEach(listener -> listener.lost(held, reason));
    }
  }

  public Optional<Held> find(String swarmId) {
    return Optional.ofNullable(bySwarm.get(swarmId));
  }

  /** A live view, weakly consistent. */
  public Collection<Held> all() {
    return bySwarm.values();
  }

  public int size() {
    return bySwarm.size();
  }

  /** Who stands for election: the oldest, the smaller id on a tie. */
  public Optional<Held> oldest() {
    return bySwarm.values().stream().min(BY_AGE);
  }

  private static Held newer(Held present, Held added) {
    return added.ownership().incarnation() > present.ownership().incarnation() ? added : present;
  }
}
