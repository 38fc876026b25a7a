package io.multiswarm.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the scripts promise, in orders of events that a network may produce. */
@RedisTest
@Tag("container")
class LeaderScriptsIT {

  /** Redis counts it by its own clock, so it must outlast the test. */
  private static final long LEASE = 3_600_000;

  private final LeaderScripts scripts;
  private final TestRedis redis;

  LeaderScriptsIT(TestRedis redis) {
    this.redis = redis;
    this.scripts = new LeaderScripts(redis);
    scripts.attach("s1", "a");
    scripts.attach("s2", "b");
    scripts.attach("s3", "a");
  }

  private static long epoch(List<?> won) {
    assertThat(won.get(0)).isEqualTo("OK");
    return (Long) won.get(1);
  }

  private void leaseRunsOut() {
    redis.cli("DEL", scripts.keys.leader());
  }

  /**
   * A failover takes longer than epochs may be ahead of the clock: campaigns that share a
   * millisecond count on from it.
   */
  private void failoverLosesWrites() {
    long lost = Long.parseLong(redis.text("HGET", scripts.keys.leadership(), "epoch"));
    redis.cli("DEL", scripts.keys.leader(), scripts.keys.leadership());
    Await.await("a later clock", Duration.ofSeconds(30), () -> redis.millis() > lost);
  }

  @Test
  void campaign_won_isReadableByHand() {
    scripts.campaign("s1", "a", 1, LEASE);
    assertThat(redis.text("GET", scripts.keys.leader())).isEqualTo("s1");
    assertThat(redis.number("TTL", scripts.keys.leader())).isBetween(3_500L, 3_600L);
  }

  @Test
  void campaign_repeated_getsTheSameAnswerOnce() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    assertThat(epoch(scripts.campaign("s1", "a", 1, LEASE))).isEqualTo(first);

    leaseRunsOut();

    assertThat(scripts.campaign("s1", "a", 1, LEASE)).isEqualTo(List.of("SPENT"));
    assertThat(redis.text("GET", scripts.keys.leader())).isNull();
  }

  @Test
  void campaign_lateAfterANewerOneOfTheNode_winsNothing() {
    long second = epoch(scripts.campaign("s1", "a", 2, LEASE));
    assertThat(scripts.campaign("s1", "a", 1, LEASE)).isEqualTo(List.of("SPENT"));
    assertThat(scripts.renew(second, LEASE).get(0)).isEqualTo("OK");
  }

  @Test
  void campaign_insideTheLeadingNode_passesOnWithANewEpoch() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    assertThat(epoch(scripts.campaign("s3", "a", 2, LEASE))).isGreaterThan(first);
    assertThat(redis.text("GET", scripts.keys.leader())).isEqualTo("s3");
  }

  @Test
  void campaign_whileAnotherNodeLeads_tellsWho() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    List<?> held = scripts.campaign("s2", "b", 1, LEASE);
    assertThat(held.subList(0, 4)).isEqualTo(List.of("HELD", "s1", first, "a"));
    assertThat((Long) held.get(4)).isBetween(LEASE - 100_000, LEASE);
  }

  @Test
  void campaign_overAForeignValue_isHeld() {
    redis.cli("SET", scripts.keys.leader(), "foreign", "PX", "" + LEASE);
    assertThat(scripts.campaign("s1", "a", 1, LEASE).subList(0, 4))
        .isEqualTo(List.of("HELD", "foreign", 0L, ""));
  }

  @Test
  void campaign_ofASwarmThatIsNotAttachedHere_isFenced() {
    assertThat(scripts.campaign("s2", "a", 1, LEASE)).isEqualTo(List.of("FENCED"));
    assertThat(scripts.campaign("s9", "a", 1, LEASE)).isEqualTo(List.of("FENCED"));
  }

  @Test
  void epoch_afterLostWrites_doesNotRepeat() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    failoverLosesWrites();
    assertThat(epoch(scripts.campaign("s2", "b", 1, LEASE))).isGreaterThan(first);
  }

  @Test
  void epoch_withAClockSetBack_goesOn() {
    redis.cli("HSET", scripts.keys.leadership(), "epoch", "9000000000000", "swarmId", "x");
    assertThat(epoch(scripts.campaign("s1", "a", 1, LEASE))).isEqualTo(9_000_000_000_001L);
  }

  @Test
  void renewal_ofALostLease_neverRestoresIt() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    leaseRunsOut();
    assertThat(scripts.renew(first, LEASE)).isEqualTo(List.of("FENCED"));
    assertThat(redis.text("GET", scripts.keys.leader())).isNull();

    redis.cli("SET", scripts.keys.leader(), "foreign");
    assertThat(scripts.renew(first, LEASE)).isEqualTo(List.of("FENCED"));
    assertThat(redis.number("TTL", scripts.keys.leader())).isEqualTo(-1);
  }

  @Test
  void release_wakesAndAnnounces_once() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    assertThat(scripts.release(first)).isEqualTo(List.of("OK"));
    assertThat(scripts.release(first)).isEqualTo(List.of("FENCED"));
    assertThat(redis.text("GET", scripts.keys.leader())).isNull();
    assertThat(redis.number("XLEN", scripts.keys.history("swarm:coordination").get(2)))
        .isEqualTo(2);
  }

  @Test
  void memoryFull_electionGoesOn(OwnedRedis full) {
    LeaderScripts there = new LeaderScripts(full);
    there.attach("s1", "a");
    there.attach("s2", "b");
    long first = epoch(there.campaign("s1", "a", 1, LEASE));
    full.config("maxmemory", "1");
    assertThatThrownBy(() -> full.cli("SET", "k", "v")).hasMessageContaining("OOM");

    assertThat(there.renew(first, LEASE).get(0)).isEqualTo("OK");
    assertThat(there.release(first)).isEqualTo(List.of("OK"));
    assertThat(epoch(there.campaign("s2", "b", 1, LEASE))).isGreaterThan(first);
  }

  /** A paused leader, a lost lease, a failover that lost writes: all late calls arrive. */
  private LeadershipHistory adversity() {
    long first = epoch(scripts.campaign("s1", "a", 1, LEASE));
    scripts.write(first, "a");
    leaseRunsOut();
    long second = epoch(scripts.campaign("s2", "b", 1, LEASE));
    scripts.write(second, "b");
    scripts.write(first, "a");
    scripts.renew(first, LEASE);
    scripts.write(first, "a");
    failoverLosesWrites();
    long third = epoch(scripts.campaign("s1", "a", 2, LEASE));
    scripts.write(third, "a");
    return scripts.history();
  }

  @Test
  void history_underAdversity_keepsThePromise() {
    LeadershipHistory history = adversity();
    history.check();
    assertThat(history.wins()).isEqualTo(3);
    assertThat(history.writes()).isEqualTo(3);
  }

  @Test
  void mutant_withoutFence_isFound() {
    scripts.mutateWrite("if status == 'OK' then", "if true then");
    assertThat(adversity().violations()).anyMatch(found -> found.contains("accepted after epoch"));
  }

  @Test
  void mutant_thatResurrectsOnRenewal_isFound() {
    scripts.mutateRenew(
        "  return { status }\n",
        "  redis.call('HSET', KEYS[2], 'epoch', ARGV[1])\n"
            + "  redis.call('SET', KEYS[1], redis.call('HGET', KEYS[2], 'swarmId'))\n");
    assertThat(adversity().violations()).anyMatch(found -> found.contains("accepted after epoch"));
  }

  @Test
  void mutant_thatOnlyCounts_isFound() {
    scripts.mutateCampaign(", now_ms()))", "))");
    assertThat(adversity().violations()).anyMatch(found -> found.contains("is not newer"));
  }

  @Test
  void mutant_thatReusesTheEpoch_isFound() {
    scripts.mutateCampaign("(tonumber(last) or 0) + 1", "(tonumber(last) or 0)");
    scripts.mutateCampaign(", now_ms()))", ", 1))");
    assertThat(adversity().violations()).isNotEmpty();
  }
}
