package io.multiswarm.election;

import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three processes and one Redis: the leader is killed, stopped in order, and paused. One round by
 * default; {@code -Dfailover.rounds=20} makes percentiles of the times, which the report has.
 */
@RedisTest
class FailoverIT {

  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration LEASE = NodeProcess.LIVENESS.leaderLease();
  private static final int ROUNDS = Integer.getInteger("failover.rounds", 1);

  private final List<NodeProcess> processes = new ArrayList<>();
  private final OwnedRedis redis;
  private final LeaderScripts scripts;
  private final Map<String, List<Long>> times = new TreeMap<>();
  private int started;

  FailoverIT(OwnedRedis redis) {
    this.redis = redis;
    this.scripts = new LeaderScripts(redis);
  }

  @AfterEach
  void killAll() {
    processes.forEach(NodeProcess::close);
  }

  private void start() {
    processes.add(new NodeProcess(redis.uri(), redis.fleet(), "p" + started++));
  }

  /** Name of the node that has the lease; empty when nobody has. */
  private String leader() {
    return redis.text("GET", scripts.keys.leader()) == null
        ? ""
        : String.valueOf(redis.text("HGET", scripts.keys.leadership(), "node"));
  }

  private NodeProcess leading() {
    String name = awaitValue("a leader", START, this::leader, found -> !found.isEmpty());
    return processes.stream()
        .filter(process -> process.name.equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void awaitContenders() {
    await(
        "three nodes that stand",
        START,
        () ->
            processes.stream()
                .allMatch(p -> redis.text("HGET", scripts.keys.roster(), "s-" + p.name) != null));
  }

  private void takenOver(String signal, NodeProcess leader, Duration atMost) {
    long began = System.nanoTime();
    leader.signal(signal);
    await(
        "a successor of " + leader.name,
        atMost,
        () -> !leader().isEmpty() && !leader().equals(leader.name));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    times.computeIfAbsent(signal, any -> new ArrayList<>()).add(took.toMillis());
  }

  private long fenced(NodeProcess process) {
    String count = redis.text("GET", NodeProcess.fenced(scripts.keys, process.name));
    return count == null ? 0 : Long.parseLong(count);
  }

  @Test
  void leader_killedStoppedAndPaused_isFollowedAndNeverWritesLate() {
    for (int i = 0; i < 3; i++) {
      start();
    }
    for (int round = 0; round < ROUNDS; round++) {
      killed();
      stopped();
      paused();
    }
    LeadershipHistory history = scripts.history();
    history.check();
    assertThat(history.wins()).isGreaterThanOrEqualTo(1 + 3 * ROUNDS);
    assertThat(history.writes()).isGreaterThan(100);
    times.forEach((signal, ms) -> System.out.println(signal + ": " + percentiles(ms)));
  }

  private static String percentiles(List<Long> ms) {
    List<Long> sorted = ms.stream().sorted().toList();
    return "taken over after ms: median %d, 90 %% within %d, most %d"
        .formatted(
            sorted.get(sorted.size() / 2),
            sorted.get(sorted.size() * 9 / 10),
            sorted.get(sorted.size() - 1));
  }

  private void killed() {
    awaitContenders();
    NodeProcess leader = leading();
    takenOver("KILL", leader, LEASE.plusSeconds(1));
    replace(leader);
  }

  private void stopped() {
    awaitContenders();
    NodeProcess leader = leading();
    // Sooner than the lease runs out: it was handed over.
    takenOver("TERM", leader, LEASE.minusMillis(500));
    replace(leader);
  }

  private void paused() {
    awaitContenders();
    NodeProcess leader = leading();
    takenOver("STOP", leader, LEASE.plusSeconds(1));
    long refused = fenced(leader);
    leader.signal("CONT");
    await("late writes to be refused", START, () -> fenced(leader) > refused);
    assertThat(leader()).isNotEqualTo(leader.name);
  }

  private void replace(NodeProcess ended) {
    await("the end of " + ended.name, START, () -> !ended.isAlive());
    processes.remove(ended);
    start();
  }
}
