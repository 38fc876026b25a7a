/**
 * What a swarm wants to find again after a crash: its state, snapshots of it, and checkpoints.
 *
 * <p>Receives JSON objects and stores them as they came; gives them back with a version that only
 * grows. A snapshot is a copy of the state that Redis makes itself; a checkpoint is what the swarm
 * says it can resume from. At most {@value io.multiswarm.state.Copies#MOST} of each are kept.
 *
 * <p>Every operation is one script, so that what a process or Redis itself leaves behind when it is
 * killed is either the old version or the new one. Every write carries the proof of the swarm's
 * holder and is refused to others.
 */
@NullMarked
package io.multiswarm.state;

import org.jspecify.annotations.NullMarked;
