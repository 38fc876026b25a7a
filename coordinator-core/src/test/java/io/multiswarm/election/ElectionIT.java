package io.multiswarm.election;

import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.election.TestNode;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.Signals;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@RedisTest
class ElectionIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** The first tick comes after ten minutes: what happens sooner was told by a signal. */
  private static final Liveness TICKLESS =
      new Liveness(
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMinutes(20),
          Duration.ofSeconds(6),
          Duration.ofSeconds(10));

  private final Scheduler scheduler = Schedulers.newParallel("election-test", 2);
  private final List<TestNode> nodes = new ArrayList<>();
  private final TestRedis redis;
  private final LeaderScripts scripts;
  private final RedisLink link;
  private final Signals signals;

  ElectionIT(TestRedis redis) {
    this.redis = redis;
    this.scripts = new LeaderScripts(redis);
    this.link = TestNode.link(redis, scheduler);
    this.signals = TestNode.signals(redis, link);
  }

  @BeforeEach
  void connect() {
    signals.start();
    link.connected().subscribe();
    await("the link", SOON, link::isUp);
  }

  @AfterEach
  void close() {
    nodes.forEach(TestNode::close);
    link.close().block(SOON);
    scheduler.dispose();
  }

  private TestNode node(String name, Liveness liveness) {
    TestNode node = new TestNode(name, redis, link, signals, liveness, scheduler);
    nodes.add(node);
    return node;
  }

  private TestNode leader() {
    return awaitValue(
            "one leader",
            SOON,
            () -> nodes.stream().filter(TestNode::leads).toList(),
            leading -> leading.size() == 1)
        .get(0);
  }

  private void leaseRunsOut() {
    redis.cli("PEXPIRE", scripts.keys.leader(), "1");
  }

  @Test
  void firstSwarm_attached_leadsWithoutATick() {
    TestNode a = node("a", TICKLESS);
    a.attach("s1", 1);
    await("leadership", SOON, a::leads);

    assertThat(redis.text("GET", scripts.keys.leader())).isEqualTo("s1");
    assertThat(redis.number("TTL", scripts.keys.leader())).isBetween(3_500L, 3_600L);
    LeaderInfo told = a.election.leader().toFuture().join();
    assertThat(told.swarmId()).isEqualTo("s1");
    assertThat(told.epoch()).isEqualTo(a.epoch());
    assertThat(told.node()).isEqualTo("a");
    assertThat(told.lease()).isBetween(Duration.ofSeconds(3_500), Duration.ofSeconds(3_600));
  }

  @Test
  void noSwarm_noLeader() {
    TestNode a = node("a", Liveness.defaults());
    assertThat(a.election.leader().blockOptional(SOON)).isEmpty();
    assertThat(redis.text("GET", scripts.keys.leader())).isNull();
  }

  @Test
  void fiftyNodes_atOnce_electOneWithFiftyScripts() {
    IntStream.range(0, 50).forEach(i -> node("n" + i, TICKLESS));
    IntStream.range(0, 50)
        .forEach(i -> redis.cli("HSET", scripts.keys.roster(), "s" + i, "1:n" + i));
    IntStream.range(0, 50).parallel().forEach(i -> attachHere(nodes.get(i), i));

    await(
        "everybody to know the leader",
        SOON,
        () -> nodes.stream().noneMatch(n -> n.election.current() instanceof Leadership.Vacant));

    assertThat(nodes).filteredOn(TestNode::leads).hasSize(1);
    assertThat(nodes.stream().mapToLong(n -> n.election.statistics().scripts()).sum())
        .isLessThanOrEqualTo(50);
    scripts.history().check();
  }

  private static void attachHere(TestNode node, int number) {
    node.context.holdings().add(new AttachedSwarms.Held(new Ownership("s" + number, 1), number));
  }

  @Test
  void resignation_isTakenOverWithoutATick() {
    TestNode a = node("a", TICKLESS).attach("s1", 1);
    await("the first leader", SOON, a::leads);
    TestNode b = node("b", TICKLESS).attach("s2", 2);
    await("a follower", SOON, () -> b.election.current() instanceof Leadership.Follower);
    long first = a.epoch();

    a.election.resign().subscribe();

    await("the hand-over", SOON, b::leads);
    assertThat(b.epoch()).isGreaterThan(first);
    assertThat(a.leads()).isFalse();
  }

  @Test
  void lastSwarmOfTheLeader_deregistered_anotherNodeLeadsWithoutATick() {
    TestNode a = node("a", TICKLESS).attach("s1", 1);
    await("the first leader", SOON, a::leads);
    TestNode b = node("b", TICKLESS).attach("s2", 2);
    await("a follower", SOON, () -> b.election.current() instanceof Leadership.Follower);

    a.lose("s1", "deregistered");

    await("the hand-over", SOON, b::leads);
  }

  @Test
  void leaderKey_deletedByHand_healsWithAHigherEpoch() {
    TestNode a = node("a", TestNode.FAST).attach("s1", 1);
    await("leadership", SOON, a::leads);
    long first = a.epoch();

    redis.cli("DEL", scripts.keys.leader());

    await("a new leadership", SOON, () -> a.epoch() > first);
    assertThat(redis.text("GET", scripts.keys.leader())).isEqualTo("s1");
  }

  @Test
  void scripts_flushed_noCallFails() {
    TestNode a = node("a", TestNode.FAST).attach("s1", 1);
    await("leadership", SOON, a::leads);
    long calls = a.election.statistics().scripts();
    redis.cli("SCRIPT", "FLUSH");
    await("two renewals", SOON, () -> a.election.statistics().scripts() >= calls + 2);
    assertThat(a.election.statistics().failures()).isZero();
  }

  @Test
  void pausedLeader_wakesUpLate_isFencedAndDemotesItself() {
    try (VirtualTime paused = new VirtualTime()) {
      Signals unheard = TestNode.signals(redis, link);
      TestNode a =
          new TestNode("a", redis, link, unheard, TestNode.FAST, paused.scheduler())
              .attach("s1", 1);
      await("the first leader", SOON, a::leads);
      long first = a.epoch();
      assertThat(scripts.write(first, "a")).isEqualTo(List.of("OK"));

      TestNode b = node("b", TestNode.FAST).attach("s2", 2); // a's clock stands still
      leaseRunsOut();
      await("a successor", SOON, b::leads);
      assertThat(scripts.write(b.epoch(), "b")).isEqualTo(List.of("OK"));

      assertThat(a.leads()).as("it has not noticed").isTrue();
      assertThat(scripts.write(first, "a")).isEqualTo(List.of("FENCED"));
      paused.advance(TestNode.LEASE);
      assertThat(a.leads()).as("no answer of Redis was needed").isFalse();
      scripts.history().check();
      a.close();
    }
  }

  @Test
  void leaders_underAttack_keepTheHistory() {
    IntStream.range(0, 6).forEach(i -> node("n" + i, TestNode.FAST).attach("s" + i, i));
    for (int i = 0; i < 5; i++) {
      TestNode leader = leader();
      long epoch = leader.epoch();
      assertThat(scripts.write(epoch, leader.context.nodeId())).isEqualTo(List.of("OK"));
      switch (i % 3) {
        case 0 -> redis.cli("DEL", scripts.keys.leader());
        case 1 -> leader.lose("s" + leader.context.nodeId().substring(1), "deregistered");
        default -> {
          leader.close();
          leaseRunsOut();
        }
      }
      await("another epoch", SOON, () -> nodes.stream().anyMatch(n -> n.epoch() > epoch));
      assertThat(scripts.write(epoch, leader.context.nodeId())).isEqualTo(List.of("FENCED"));
    }
    LeadershipHistory history = scripts.history();
    history.check();
    assertThat(history.wins()).isGreaterThanOrEqualTo(6);
  }
}
