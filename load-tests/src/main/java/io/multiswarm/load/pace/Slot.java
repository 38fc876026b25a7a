package io.multiswarm.load.pace;

/**
 * One event that is to begin.
 *
 * @param index 0, 1, 2 … within the sender's share
 * @param intendedNanos when it was meant to begin, in the nanoseconds of the pacer's scheduler;
 *     latencies count from here
 */
public record Slot(long index, long intendedNanos) {}
