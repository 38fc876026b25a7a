/**
 * Conflicts between two swarms: who of them wins, by priority, by age or by a vote.
 *
 * <p>Each conflict is decided once, by a script, whichever node asks for it: the decision is
 * stored, logged and announced on {@code swarm:coordination} in the same step. Requests to vote
 * reach the nodes by a signal, which is a hint; what is open is read from Redis.
 */
@NullMarked
package io.multiswarm.conflict;

import org.jspecify.annotations.NullMarked;
