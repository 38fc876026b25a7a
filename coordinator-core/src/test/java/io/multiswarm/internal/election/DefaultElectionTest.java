package io.multiswarm.internal.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.election.Leadership;
import io.multiswarm.election.Leadership.Follower;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.election.Leadership.Vacant;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.registry.SwarmSignal;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class DefaultElectionTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration VALIDITY = Duration.ofMillis(29_700);

  private final VirtualTime time = new VirtualTime();
  private final LeaseModel redis = new LeaseModel(time, LEASE);

  /** What a node published, and when. */
  record Seen(Duration at, Leadership leadership) {}

  private final class Node {
    final AttachedSwarms holdings = new AttachedSwarms();
    final List<Seen> seen = new ArrayList<>();
    final DefaultElection election;
    final String name;

    Node(String name, double chance) {
      this.name = name;
      this.election =
          new DefaultElection(
              name,
              holdings,
              redis.of(name),
              new ElectionTiming(LEASE, INTERVAL, GRACE, () -> chance),
              time.scheduler());
      redis.listen(election::heard);
      election.leadership().subscribe(now -> seen.add(new Seen(time.elapsed(), now)));
      election.start();
    }

    Node attach(String swarm, long createdAt) {
      holdings.add(new AttachedSwarms.Held(new Ownership(swarm, 1), createdAt));
      return this;
    }

    Leadership now() {
      return election.current();
    }

    List<Class<?>> kinds() {
      return seen.stream().<Class<?>>map(one -> one.leadership().getClass()).toList();
    }
  }

  private Node node(String name) {
    return new Node(name, 0);
  }

  @AfterEach
  void endTime() {
    time.close();
  }

  private static Duration s(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  @Test
  void firstSwarm_attachedWhileVacant_leadsAtOnce() {
    Node a = node("a");
    time.advance(s(3));
    assertThat(a.now()).isEqualTo(Leadership.VACANT);

    a.attach("s1", 1);

    assertThat(a.now()).isEqualTo(new Leader("s1", redis.epoch, s(3).plus(VALIDITY)));
    assertThat(redis.timesOf("campaign")).containsExactly(s(3));
  }

  @Test
  void leader_undisturbed_renewsAtEachTick() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(45));

    assertThat(redis.timesOf("renew")).containsExactly(s(10), s(20), s(30), s(40));
    assertThat(redis.timesOf("campaign")).containsExactly(s(0));
    assertThat(((Leader) a.now()).validUntil()).isEqualTo(s(40).plus(VALIDITY));
  }

  @Test
  void follower_undisturbed_campaignsAtEachTick() {
    node("a").attach("s1", 1);
    Node b = node("b").attach("s2", 2);
    time.advance(s(35));

    assertThat(redis.calls.stream().filter(call -> call.node().equals("b")).toList())
        .extracting(LeaseModel.Call::at)
        .containsExactly(s(0), s(10), s(20), s(30));
    assertThat(b.now()).isEqualTo(new Follower("s1", redis.epoch));
  }

  @Test
  void redisAway_leader_demotesItselfBeforeTheLeaseRunsOut() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(10));
    redis.away = true;
    time.advance(s(29.699));
    assertThat(a.now()).isInstanceOf(Leader.class);

    time.advance(s(0.001));

    assertThat(a.now()).isEqualTo(Leadership.VACANT);
    assertThat(a.seen.get(a.seen.size() - 1)).isEqualTo(new Seen(s(39.7), Leadership.VACANT));
    assertThat(redis.leader()).as("the lease still lasts in Redis").isEqualTo("s1");
  }

  @Test
  void tenFailingTicks_endNone() {
    Node a = node("a").attach("s1", 1);
    redis.away = true;
    time.advance(s(105));
    assertThat(a.now()).isEqualTo(Leadership.VACANT);

    redis.away = false;
    time.advance(s(1));

    assertThat(a.now()).isInstanceOf(Leader.class);
    time.advance(s(20));
    assertThat(redis.timesOf("renew")).contains(s(110), s(120));
  }

  @Test
  void failedRenewal_isRepeatedWithinTheInterval() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(9.9));
    redis.away = true;
    time.advance(s(0.1));
    redis.away = false;
    time.advance(s(0.05));

    assertThat(redis.timesOf("renew")).containsExactly(s(10), s(10.05));
    assertThat(((Leader) a.now()).validUntil()).isEqualTo(s(10.05).plus(VALIDITY));
  }

  @Test
  void lostAnswer_campaignRepeated_getsTheSameEpoch() {
    redis.losesAnswers = true;
    Node a = node("a").attach("s1", 1);
    long epoch = redis.epoch;
    assertThat(epoch).isPositive();
    redis.losesAnswers = false;
    time.advance(s(1));

    assertThat(a.now())
        .isInstanceOfSatisfying(Leader.class, l -> assertThat(l.epoch()).isEqualTo(epoch));
    assertThat(((Leader) a.now()).validUntil()).isLessThanOrEqualTo(redis.expires);
  }

  @Test
  void deadLeader_followerTakesOverWhenTheLeaseItSawRunsOut() {
    Node a = node("a").attach("s1", 1);
    Node b = new Node("b", 0.5).attach("s2", 2);
    time.advance(s(12));
    long first = redis.epoch;
    a.election.stop();
    time.advance(s(28.249)); // renewed at 10 s, 30 s of lease, half of the half second of delay
    assertThat(b.now()).isInstanceOf(Follower.class);

    time.advance(s(0.001));

    assertThat(b.now()).isInstanceOf(Leader.class);
    assertThat(redis.epoch).isGreaterThan(first);
  }

  @Test
  void resignation_othersTakeOverAtOnce() {
    Node a = node("a").attach("s1", 1);
    Node b = new Node("b", 0.5).attach("s2", 2);
    time.advance(s(5));

    Mono<Void> resigned = a.election.resign();
    assertThat(resigned.toFuture()).isCompleted();
    assertThat(a.now()).isNotInstanceOf(Leader.class);
    time.advance(s(0.05));

    assertThat(b.now()).isInstanceOf(Leader.class);
    assertThat(a.now()).isEqualTo(new Follower("s2", redis.epoch));
    time.advance(s(60));
    assertThat(b.now()).isInstanceOf(Leader.class);
  }

  @Test
  void resignation_ofNoLeader_completes() {
    Node a = node("a");
    assertThat(a.election.resign().toFuture()).isCompleted();
    a.attach("s1", 1);
    time.advance(s(30));
    assertThat(a.now()).isEqualTo(Leadership.VACANT);
  }

  @Test
  void resignation_whileRedisIsAway_failsWithinTwoSeconds() {
    Node a = node("a").attach("s1", 1);
    redis.away = true;
    var resigned = a.election.resign().toFuture();
    assertThat(a.now()).isEqualTo(Leadership.VACANT);
    time.advance(s(1.999));
    assertThat(resigned).isNotDone();

    time.advance(s(0.001));

    assertThat(resigned).isCompletedExceptionally();
  }

  @Test
  void leadership_isGivenUpBeforeItIsReleased() {
    Node a = node("a").attach("s1", 1);
    List<Leadership> atRelease = new ArrayList<>();
    redis.listen(signal -> atRelease.add(a.now()));

    a.election.resign().subscribe();

    assertThat(atRelease).containsExactly(Leadership.VACANT);
  }

  @Test
  void leadingSwarm_deregistered_passesToTheNextWithoutVacancy() {
    Node a = node("a").attach("s1", 1).attach("s2", 2);
    long first = redis.epoch;
    time.advance(s(1));

    a.holdings.remove("s1", 1, "deregistered");

    assertThat(a.now())
        .isInstanceOfSatisfying(Leader.class, l -> assertThat(l.swarmId()).isEqualTo("s2"));
    assertThat(redis.epoch).isGreaterThan(first);
    assertThat(a.kinds()).containsExactly(Vacant.class, Leader.class, Leader.class);
  }

  @Test
  void leadingSwarm_deregisteredAsTheLast_isReleasedAtOnce() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(1));

    a.holdings.remove("s1", 1, "deregistered");

    assertThat(a.now()).isEqualTo(Leadership.VACANT);
    assertThat(redis.leader()).isNull();
  }

  @Test
  void leadingSwarm_detached_leadsUntilItsGraceIsOver() {
    Node a = node("a").attach("s1", 1).attach("s2", 2);
    time.advance(s(1));
    a.holdings.remove("s1", 1, AttachedSwarms.SESSION_LOST);
    time.advance(s(9.999));
    assertThat(((Leader) a.now()).swarmId()).isEqualTo("s1");

    time.advance(s(0.001));

    assertThat(((Leader) a.now()).swarmId()).isEqualTo("s2");
  }

  @Test
  void leadingSwarm_attachedElsewhereWithinItsGrace_passesToTheNextAtOnce() {
    Node a = node("a").attach("s1", 1).attach("s2", 2);
    a.holdings.remove("s1", 1, AttachedSwarms.SESSION_LOST);
    time.advance(s(1));

    a.election.gone(takenOver("s1"));

    assertThat(((Leader) a.now()).swarmId()).isEqualTo("s2");
    assertThat(a.kinds()).containsExactly(Vacant.class, Leader.class, Leader.class);
  }

  @Test
  void leadingSwarm_attachedElsewhereAsTheLast_isReleasedAtOnce() {
    Node a = node("a").attach("s1", 1);
    a.holdings.remove("s1", 1, AttachedSwarms.SESSION_LOST);
    Node b = node("b").attach("s1", 1);
    assertThat(b.now()).isInstanceOf(Follower.class);

    a.election.gone(takenOver("s1"));
    time.advance(s(0.001));

    assertThat(b.now()).isInstanceOf(Leader.class);
  }

  @Test
  void leadingSwarm_attachedHereAgainBeforeItIsToldOfTheFormer_stays() {
    Node a = node("a").attach("s1", 1).attach("s2", 2);
    long first = redis.epoch;

    a.election.gone(takenOver("s1"));

    assertThat(((Leader) a.now()).epoch()).isEqualTo(first);
  }

  private static SwarmSignal takenOver(String swarm) {
    return new SwarmSignal(SwarmSignal.Kind.DETACHED, swarm, 1, "taken over");
  }

  @Test
  void leadingSwarm_backWithinItsGrace_keepsItsEpoch() {
    Node a = node("a").attach("s1", 1).attach("s2", 2);
    long first = redis.epoch;
    a.holdings.remove("s1", 1, AttachedSwarms.SESSION_LOST);
    time.advance(s(5));
    a.attach("s1", 1);
    time.advance(s(30));

    assertThat(((Leader) a.now()).swarmId()).isEqualTo("s1");
    assertThat(redis.epoch).isEqualTo(first);
  }

  @Test
  void lease_deletedByHand_healsWithinOneInterval() {
    Node a = node("a").attach("s1", 1);
    long first = redis.epoch;
    time.advance(s(12));
    redis.leader = null;
    time.advance(INTERVAL);

    assertThat(a.now())
        .isInstanceOfSatisfying(Leader.class, l -> assertThat(l.epoch()).isGreaterThan(first));
    assertThat(redis.leader()).isEqualTo("s1");
  }

  @Test
  void lease_setByForeigner_isHeldUntilItExpires() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(5));
    redis.leader = "foreign";
    redis.expires = s(35);
    time.advance(s(5));
    assertThat(a.now()).isEqualTo(new Follower("foreign", 0));

    time.advance(s(25));

    assertThat(a.now()).isInstanceOf(Leader.class);
  }

  @Test
  void write_fenced_endsTheLeadershipAndBeginsAnother() {
    Node a = node("a").attach("s1", 1);
    long first = redis.epoch;

    a.election.fenced(first);

    assertThat(a.kinds()).containsExactly(Vacant.class, Leader.class, Vacant.class, Leader.class);
    assertThat(((Leader) a.now()).epoch()).isGreaterThan(first);
    a.election.fenced(first);
    assertThat(a.seen).as("an old epoch says nothing of the new").hasSize(4);
  }

  @Test
  void newerLeader_announced_endsTheOwnLeadership() {
    Node a = node("a").attach("s1", 1);
    a.election.heard("taken " + (redis.epoch + 5) + " 30000 z s9");
    assertThat(a.now()).isEqualTo(new Follower("s9", redis.epoch + 5));

    a.election.heard("taken " + (redis.epoch + 1) + " 30000 y s8");
    assertThat(a.now())
        .as("an older one is no news")
        .isEqualTo(new Follower("s9", redis.epoch + 5));
  }

  @Test
  void nodeWithoutSwarms_learnsWhoLeads() {
    node("a").attach("s1", 1);
    Node c = node("c");
    time.advance(s(1));
    assertThat(c.now()).isEqualTo(new Follower("s1", redis.epoch));
    assertThat(redis.timesOf("look")).containsExactly(s(1));
  }

  @Test
  void fiftyNodes_atOnce_electOneWithFiftyScriptsASecondAtMost() {
    List<Node> nodes = IntStream.range(0, 50).mapToObj(i -> new Node("n" + i, i / 50.0)).toList();
    IntStream.range(0, 50).forEach(i -> nodes.get(i).attach("s" + i, i));
    time.advance(s(60));
    assertThat(nodes).filteredOn(node -> node.now() instanceof Leader).hasSize(1);

    nodes.stream()
        .filter(node -> node.now() instanceof Leader)
        .findFirst()
        .get()
        .election
        .resign()
        .subscribe();
    time.advance(s(60));

    assertThat(nodes).filteredOn(node -> node.now() instanceof Leader).hasSize(1);
    Map<Long, Integer> bySecond = new TreeMap<>();
    redis.calls.forEach(call -> bySecond.merge(call.at().toSeconds(), 1, Integer::sum));
    assertThat(bySecond.values().stream().max(Comparator.naturalOrder()).get())
        .isLessThanOrEqualTo(50);
  }

  @Test
  void statistics_tellChangesEpochAndAge() {
    Node a = node("a").attach("s1", 1);
    time.advance(s(13));
    a.election.fenced(redis.epoch);
    time.advance(s(4));

    ElectionStatistics statistics = a.election.statistics();
    assertThat(statistics.leading()).isTrue();
    assertThat(statistics.leadershipChanges()).isEqualTo(2);
    assertThat(statistics.epoch()).isEqualTo(redis.epoch);
    assertThat(statistics.leaseAge()).isEqualTo(s(4));
  }
}
