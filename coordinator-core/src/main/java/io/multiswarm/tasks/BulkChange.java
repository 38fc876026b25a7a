package io.multiswarm.tasks;

/**
 * What became of many tasks.
 *
 * @param matched tasks that fitted and could be changed when they were looked at
 * @param changed those of them that were
 */
public record BulkChange(long matched, long changed) {}
