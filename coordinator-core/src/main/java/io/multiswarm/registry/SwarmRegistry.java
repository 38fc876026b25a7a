package io.multiswarm.registry;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Who exists. Every Mono is cold and is one call when subscribed; none is ever empty but those of
 * {@code Void}.
 *
 * <p><b>Errors.</b> Each fails with a {@link io.multiswarm.common.CoordinationException}. All may
 * fail with {@code UNAVAILABLE} while Redis is away. What takes an {@link Ownership} fails with
 * {@code NOT_FOUND} for a swarm that is not registered and {@code FENCED} for an incarnation that
 * is not the current one. Malformed and reserved ids are {@code INVALID_ARGUMENT} before any call
 * of Redis.
 *
 * <p><b>Order.</b> The writes to one swarm take effect in the order in which they were subscribed.
 */
public interface SwarmRegistry {

  /**
   * Registers an active swarm and attaches it to this node. {@code ALREADY_EXISTS} for an id in
   * use, {@code RESOURCE_EXHAUSTED} over the limit of swarms.
   */
  Mono<Registration> register(NewSwarm swarm);

  /**
   * Takes a swarm over to this node, wherever it was; raises its incarnation, which fences the
   * former holder, and makes an interrupted or recovering swarm active. {@code PERMISSION_DENIED}
   * for a wrong key.
   */
  Mono<Attachment> attach(String swarmId, String key);

  /**
   * As {@link #attach}, for an administrator of a swarm whose key is lost: the swarm gets a new
   * key, and the former one is good no more.
   */
  Mono<Registration> attachWithNewKey(String swarmId);

  /**
   * Lets go of swarms that this node holds. Those that are not held any more, or never were, are
   * passed over: letting go twice is no error.
   */
  Mono<Void> detach(Collection<Ownership> held, Departure departure);

  /** {@code NOT_FOUND} when it is not registered. */
  Mono<Swarm> get(String swarmId);

  /**
   * One page, newest first. A swarm that exists during a whole listing is on exactly one of its
   * pages. A cursor that no page gave is {@code INVALID_ARGUMENT}.
   */
  Mono<SwarmPage> list(SwarmQuery query);

  /** {@code FAILED_PRECONDITION} for a change of status that {@link SwarmStatus} does not allow. */
  Mono<Swarm> update(Ownership owner, SwarmUpdate change);

  /**
   * From now on the swarm is given no tasks, wherever it is attached; it keeps those that it has,
   * and its credit. To pause twice is no error.
   */
  Mono<Void> pause(Ownership owner);

  /** Ends the pause, if there is one. */
  Mono<Void> resume(Ownership owner);

  /**
   * A sign of life, in addition to those that a node gives for all it holds.
   *
   * @param agents replaces the swarm's agents, unless null
   */
  Mono<Void> heartbeat(Ownership owner, @Nullable Json agents);

  /**
   * Ends a swarm: archives it for seven days and frees its id at once.
   *
   * @param reason {@code failed} archives it as failed, all else as completed
   */
  Mono<Void> deregister(Ownership owner, @Nullable String reason);

  /** All swarms of status interrupted, in no particular order. */
  Mono<List<Swarm>> interrupted();

  /** Counts of the fleet's swarms. */
  Mono<RegistryStatistics> statistics();

  /**
   * A swarm that was registered and attached to this node.
   *
   * @param key what {@link SwarmRegistry#attach} asks for; told this once, stored as a hash
   */
  record Registration(Swarm swarm, Ownership ownership, String key) {
    @Override
    public String toString() {
      return "Registration[" + ownership + ", key=…]";
    }
  }

  /** A swarm that was taken over by this node; its former holder is fenced. */
  record Attachment(Swarm swarm, Ownership ownership) {}

  /** How a holder lets go of its swarms. */
  enum Departure {
    /** Its connection was lost: the swarm is detached and keeps everything for the grace period. */
    LOST("session lost"),
    /** It said goodbye: the swarm is interrupted at once. */
    GOODBYE("goodbye");

    private final String reason;

    Departure(String reason) {
      this.reason = reason;
    }

    /** As events and signals tell it. */
    public String reason() {
      return reason;
    }
  }

  /**
   * A part of a listing, newest first. A page may be short of its limit, or empty, and still have a
   * successor: a call looks at a bounded number of swarms.
   *
   * @param nextCursor for the next page; null when this is the last
   */
  record SwarmPage(List<Swarm> swarms, @Nullable String nextCursor) {
    public SwarmPage {
      swarms = List.copyOf(swarms);
    }
  }
}
