package io.multiswarm;

import io.multiswarm.messaging.MessagingStatistics;

/**
 * One node of the fleet.
 *
 * @param isLeader whether it leads, by its own clock
 * @param heldSwarms attached to it
 * @param tasksDistributed by all leaders of the fleet
 * @param messenger what it did since it started
 * @param unreadableRecords how often it passed over a record in Redis that it could not read
 */
public record CoordinatorStatistics(
    String node,
    boolean isLeader,
    int heldSwarms,
    long tasksDistributed,
    MessagingStatistics messenger,
    long unreadableRecords) {}
