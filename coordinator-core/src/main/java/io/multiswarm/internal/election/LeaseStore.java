package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.node.AttachedSwarms;
import reactor.core.publisher.Mono;

/**
 * Where the lease is kept. Each method is one atomic step that compares before it writes; all may
 * be repeated. They fail with {@code UNAVAILABLE} when the outcome is unknown.
 */
interface LeaseStore {

  /**
   * Takes the lease when nobody has it, or passes it on inside this node, with a new epoch.
   *
   * @param nonce grows with each campaign of the node. The same again gets the same answer while
   *     what it won lasts, and then {@link LeaseAnswer.Denied}: it wins once
   * @param newest epoch that this node has seen; what is won is newer, whatever Redis has lost
   */
  Mono<LeaseAnswer> campaign(AttachedSwarms.Held candidate, long nonce, long newest);

  /** Extends the lease of {@code epoch} if that still has it. */
  Mono<LeaseAnswer> renew(long epoch);

  /** Ends the leadership of {@code epoch}, if it lasts, and wakes all nodes. */
  Mono<Void> release(long epoch);

  /** Empty when nobody leads. */
  Mono<LeaderInfo> look();
}
