package io.multiswarm.state;

/**
 * Counts over the whole fleet since it began, but the two of the cache, which are this node's, and
 * the bytes.
 *
 * @param recoveriesPerformed swarms recovered from a state, a checkpoint or a snapshot
 * @param recoveriesFailed swarms for which there was nothing to recover from
 * @param errors damaged sources found, and automatic snapshots that failed
 * @param cacheHits loads answered from this node's memory
 * @param bytes that states, snapshots and checkpoints of all swarms take now
 */
public record StateStatistics(
    long statesSaved,
    long statesDeleted,
    long statesRestored,
    long snapshotsCreated,
    long checkpointsCreated,
    long recoveriesPerformed,
    long recoveriesFailed,
    long errors,
    long cacheHits,
    long cacheMisses,
    long bytes) {}
