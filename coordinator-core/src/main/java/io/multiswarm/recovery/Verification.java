package io.multiswarm.recovery;

import java.time.Duration;
import java.util.List;

/**
 * What was looked at and found to be so, as opposed to guessed.
 *
 * @param source state, checkpoint or snapshot
 * @param version that the source had
 * @param age of the source when it was found
 * @param checksum SHA-1 that was computed and is the one that was stored
 * @param damaged sources that were passed over because theirs was not
 * @param tasksRequeued tasks that were taken back from the swarm and wait for somebody
 * @param resources that the swarm still has, and those that were returned
 */
public record Verification(
    String source,
    long version,
    Duration age,
    String checksum,
    List<String> damaged,
    int tasksRequeued,
    ResourceFacts resources) {

  public Verification {
    damaged = List.copyOf(damaged);
  }
}
