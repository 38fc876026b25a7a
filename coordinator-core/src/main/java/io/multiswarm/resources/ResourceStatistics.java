package io.multiswarm.resources;

/**
 * Counters of the fleet since its Redis began.
 *
 * @param pools types that are defined
 * @param holders swarms that hold something
 * @param waiting calls in the lines
 * @param allocated calls that were granted
 * @param waited those of them that had to wait
 * @param refused calls that were not granted
 * @param released calls that gave something back
 * @param returned swarms that ended or were lost while they held something
 * @param idle swarms that were found to hold something and do nothing
 * @param reclaimed swarms from which it was taken
 */
public record ResourceStatistics(
    long pools,
    long holders,
    long waiting,
    long allocated,
    long waited,
    long refused,
    long released,
    long returned,
    long idle,
    long reclaimed) {}
