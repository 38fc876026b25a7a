package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The shortest runs on a Redis of several processes: who is killed there is followed by a replica,
 * and the promises are the same.
 */
@Tag("runs")
@Timeout(300)
class TopologyRunIT {

  private final PackagedRun run = new PackagedRun();

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @Test
  void messages_onSentinel_keepThePromises() {
    run.passes(
        "messages --topology sentinel --replicas 1 --swarms 20 --per-session 4 --rate 100 --warmup 1s --duration 1s"
            .split(" "));
    assertThat(run.said()).contains("µs of CPU a message, redis");
  }

  @Test
  void tasks_ofAFleetOnEachShard_endOnce() {
    run.passes(
        "tasks --topology cluster --fleets red,green,blue --swarms 20 --per-session 4 --rate 100 --warmup 1s --duration 1s"
            .split(" "));
    assertThat(run.said())
        .contains("sessions at server 1, fleet blue 1", "µs of CPU a task, redis 3");
  }

  /** How long it may take is a promise for machines that do nothing else. */
  @Test
  void failover_ofRedisItself_isFollowedAndNothingStaleIsAccepted() {
    run.passes(
        "failover --topology sentinel --replicas 1 --rounds 0 --pauses 1 --servers 2 --allowance 60s"
            .split(" "));
    assertThat(run.said())
        .contains("leader without Redis's master", "stale writes accepted      0");
  }

  @Test
  void chaos_onACluster_losesNothingAndCompletesNothingTwice() {
    run.passes(
        "chaos --topology cluster --tasks 600 --unfinished 100 --kills 3 --swarms 20 --lease 1500ms"
            .split(" "));
    assertThat(run.said()).contains("killed: redis", "accepted tasks missing     0");
  }
}
