package io.multiswarm.registry;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.registry.TestNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.StateLimits;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.registry.DetachOutbox;
import io.multiswarm.internal.registry.RegistryKeys;
import io.multiswarm.internal.stream.StoredHistory;
import io.multiswarm.registry.SwarmRegistry.Attachment;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

@RedisTest
class SwarmLivenessIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void attach_onAnotherNode_fencesTheFormerHolderAndTellsIt(TestRedis redis) {
    try (TestNode first = TestNode.running("n1", redis);
        TestNode second = TestNode.running("n2", redis)) {
      Registration made = first.register("a");
      refused(ErrorCode.PERMISSION_DENIED, () -> done(second.registry().attach("a", "wrong")));
      refused(ErrorCode.NOT_FOUND, () -> done(second.registry().attach("b", made.key())));
      Attachment taken = done(second.registry().attach("a", made.key()));

      assertThat(taken.ownership().incarnation()).isGreaterThan(made.ownership().incarnation());
      await(PATIENCE, () -> first.lost.equals(List.of(takenOver(made.ownership()))));
      refused(ErrorCode.FENCED, () -> done(first.registry().heartbeat(made.ownership(), null)));
      first.detach(made.ownership(), Departure.GOODBYE);
      assertThat(second.get("a").attached()).isTrue();
      assertThat(second.get("a").status()).isEqualTo(SwarmStatus.ACTIVE);
    }
  }

  @Test
  void attach_onTheSameNode_tellsTheFormerHolderOnce(TestRedis redis) {
    try (TestNode node = TestNode.running("n1", redis)) {
      Registration made = node.register("a");
      Attachment second = done(node.registry().attach("a", made.key()));
      Attachment third = done(node.registry().attach("a", made.key()));
      done(node.registry().attach("a", made.key()));

      await(PATIENCE, () -> node.lost.size() >= 3);
      assertThat(node.lost)
          .containsExactly(
              takenOver(made.ownership()),
              takenOver(second.ownership()),
              takenOver(third.ownership()));
    }
  }

  private static String takenOver(Ownership former) {
    return told(former, "taken over");
  }

  private static String told(Ownership lost, String reason) {
    return lost.swarmId() + ' ' + lost.incarnation() + ' ' + reason;
  }

  @Test
  void lostSession_withinItsGrace_canBeAttachedAgain(TestRedis redis) {
    try (TestNode node = TestNode.running("n1", redis)) {
      Registration made = node.register("a");
      node.detach(made.ownership(), Departure.LOST);
      assertThat(node.get("a").attached()).isFalse();
      assertThat(node.get("a").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(redis.text("GET", node.keys().swarm("a"))).contains("\"attached\":false");

      Attachment back = done(node.registry().attach("a", made.key()));
      assertThat(back.swarm().attached()).isTrue();
      assertThat(redis.number("EXISTS", node.keys().detached())).isZero();
    }
  }

  @Test
  void lostSession_afterItsGrace_isInterruptedOnce(TestRedis redis) {
    try (TestNode node = TestNode.running("n1", redis);
        TestNode other = TestNode.running("n2", redis)) {
      Registration made = node.register("a");
      long began = System.nanoTime();
      node.detach(made.ownership(), Departure.LOST);
      await(PATIENCE, () -> other.get("a").status() == SwarmStatus.INTERRUPTED);
      Duration took = Duration.ofNanos(System.nanoTime() - began);

      // Redis leaves the parts of a millisecond out.
      assertThat(took).isGreaterThanOrEqualTo(TestNodes.FAST.sessionGrace().minusMillis(1));
      System.out.printf("Interrupted %s after the loss of its session%n", took);
      assertThat(interruptions(redis, node)).containsExactly("a session lost");
      assertThat(done(other.registry().interrupted())).extracting(Swarm::id).containsExactly("a");
      assertThat(done(node.registry().attach("a", made.key())).swarm().status())
          .isEqualTo(SwarmStatus.ACTIVE);
    }
  }

  /** Who sweeps reads first who is due; by the time that it acts, somebody may be back. */
  @Test
  void interruption_ofWhoIsNotDueAnyMore_changesNothing(TestRedis redis) {
    CoordinationOptions patient = CoordinationOptions.defaults();
    try (TestNode node = TestNode.idle("n1", redis, patient)) {
      Registration back = node.register("back");
      node.detach(back.ownership(), Departure.LOST);
      done(node.registry().attach("back", back.key()));
      node.detach(node.register("in-grace").ownership(), Departure.LOST);
      redis.cli("HSET", node.keys().upkeep(), "token", "1");

      new DetachOutbox(node.context, new RegistryKeys(node.keys()))
          .interrupt(List.of("back", "in-grace", "nobody"), new UpkeepTerm(1))
          .block(PATIENCE);

      assertThat(node.get("back").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(node.get("in-grace").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(interruptions(redis, node)).isEmpty();
    }
  }

  /**
   * Redis came back with less than it had told; what a node held is not taken for the new, nor the
   * new for it.
   */
  @Test
  void incarnation_afterRedisLostIt_isNewerThanAllBefore(TestRedis redis) {
    try (TestNode node = TestNode.idle("n1", redis)) {
      Registration made = node.register("a");
      done(node.registry().attach("a", made.key()));
      Ownership newest = done(node.registry().attach("a", made.key())).ownership();
      redis.cli("HSET", node.keys().roster(), "a", made.ownership().incarnation() + ":n1");
      Ownership attached = done(node.registry().attach("a", made.key())).ownership();
      assertThat(attached.incarnation()).isGreaterThan(newest.incarnation());
      assertThat(node.context.holdings().find("a").orElseThrow().ownership()).isEqualTo(attached);

      redis.list("KEYS", "{" + redis.fleet() + "}:*").forEach(key -> redis.cli("DEL", key));
      node.context.holdings().remove("a", attached.incarnation(), "not registered any more");
      Ownership anew = node.register("a").ownership();
      assertThat(anew.incarnation()).isGreaterThan(attached.incarnation());
      assertThat(node.context.holdings().find("a").orElseThrow().ownership()).isEqualTo(anew);
    }
  }

  /** Redis's clock was set back, or another Redis is behind the one that is gone. */
  @Test
  void incarnation_whenRedisIsBehindTheNode_isNewerThanWhatTheNodeHolds(TestRedis redis) {
    try (TestNode node = TestNode.idle("n1", redis)) {
      long future = redis.millis() + Duration.ofDays(1).toMillis();
      node.context
          .holdings()
          .add(new AttachedSwarms.Held(new Ownership("a", future), redis.millis()));
      Registration made = node.register("a");
      assertThat(made.ownership().incarnation()).isEqualTo(future + 1);
      assertThat(done(node.registry().attach("a", made.key())).ownership().incarnation())
          .isEqualTo(future + 2);
    }
  }

  @Test
  void goodbye_always_interruptsAtOnce(TestRedis redis) {
    try (TestNode node = TestNode.running("n1", redis)) {
      Registration made = node.register("a");
      Registration ended = node.register("b");
      done(
          node.registry()
              .update(ended.ownership(), SwarmUpdate.NOTHING.withStatus(SwarmStatus.COMPLETED)));
      done(node.registry().detach(List.of(made.ownership(), ended.ownership()), Departure.GOODBYE));

      assertThat(node.get("a").status()).isEqualTo(SwarmStatus.INTERRUPTED);
      assertThat(node.get("b").status()).isEqualTo(SwarmStatus.COMPLETED);
      assertThat(interruptions(redis, node)).containsExactly("a goodbye");
      refused(ErrorCode.FENCED, () -> done(node.registry().heartbeat(made.ownership(), null)));
    }
  }

  @Test
  void killedNode_afterLeaseAndGrace_losesItsSwarmsOnceButNotThoseTakenBefore(TestRedis redis) {
    try (TestNode survivor = TestNode.running("n2", redis)) {
      TestNode victim = TestNode.running("n1", redis);
      List<Registration> held =
          done(
              Flux.range(0, 230)
                  .concatMap(i -> victim.registry().register(NewSwarm.of("x").withId("s" + i)))
                  .collectList());
      victim.kill();
      long began = System.nanoTime();
      done(survivor.registry().attach("s7", held.get(7).key()));

      await(PATIENCE, () -> redis.number("SCARD", survivor.keys().status("interrupted")) == 229);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      // Its last beat was one interval before its death at most.
      assertThat(took)
          .isGreaterThanOrEqualTo(TestNodes.FAST.sessionGrace().minus(TestNodes.FAST.nodeBeat()));
      System.out.printf("Interrupted %s after the death of the node%n", took);
      assertThat(survivor.get("s7").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(interruptions(redis, survivor))
          .hasSize(229)
          .doesNotHaveDuplicates()
          .contains("s0 node lost");
      assertThat(redis.list("ZRANGE", survivor.keys().nodes(), "0", "-1")).containsExactly("n2");
    }
  }

  @Test
  void stoppedNode_always_leavesItsSwarmsWithTheirGrace(TestRedis redis) {
    try (TestNode node = TestNode.running("n1", redis);
        TestNode other = TestNode.running("n2", redis)) {
      Registration made = node.register("a");
      done(node.node.stop());

      assertThat(other.get("a").attached()).isFalse();
      assertThat(other.get("a").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(redis.list("ZRANGE", node.keys().nodes(), "0", "-1")).containsExactly("n2");
      done(other.registry().attach("a", made.key()));
      assertThat(other.get("a").attached()).isTrue();
    }
  }

  /** With a sync each second Redis may put writes off, and a kill lose what it acknowledged. */
  @Test
  @RedisTest(settings = "appendfsync no")
  void redisAway_longerThanEveryDeadline_interruptsNobody(OwnedRedis redis) {
    try (TestNode node = TestNode.running("n1", redis);
        TestNode other = TestNode.running("n2", redis)) {
      Registration made = node.register("a");
      Registration detached = node.register("b");
      node.detach(detached.ownership(), Departure.LOST);
      redis.kill();
      await("the outage", PATIENCE, () -> !node.context.link().isUp());
      Duration outage = Duration.ofSeconds(3);
      long until = System.nanoTime() + outage.toNanos();
      await("its length", PATIENCE, () -> System.nanoTime() > until);
      redis.start();
      await(
          "the return", PATIENCE, () -> node.context.link().isUp() && other.context.link().isUp());

      Attachment back = done(other.registry().attach("b", detached.key()));
      assertThat(back.swarm().status()).isEqualTo(SwarmStatus.ACTIVE);
      long later = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      await("judgement", PATIENCE, () -> System.nanoTime() > later);
      assertThat(node.get("a").status()).isEqualTo(SwarmStatus.ACTIVE);
      assertThat(node.get("a").attached()).isTrue();
      assertThat(node.context.holdings().find("a")).isPresent();
      assertThat(interruptions(redis, node)).isEmpty();
      done(node.registry().heartbeat(made.ownership(), null));
    }
  }

  @Test
  void memoryFull_signsOfLifeAndDepartures_pass(OwnedRedis redis) {
    try (TestNode node = TestNode.idle("n1", redis)) {
      Registration made = node.register("a");
      redis.config("maxmemory", "1");
      refused(ErrorCode.RESOURCE_EXHAUSTED, () -> node.register("b"));

      done(node.registry().heartbeat(made.ownership(), null));
      Ownership again = done(node.registry().attach("a", made.key())).ownership();
      done(node.registry().deregister(again, null));
      refused(ErrorCode.NOT_FOUND, () -> node.get("a"));
    }
  }

  @Test
  void frozenNode_afterItsSwarmsWereInterrupted_letsGoOfThem(OwnedRedis redis) {
    CoordinationOptions options = CoordinationOptions.defaults().withLiveness(TestNodes.FAST);
    try (TestNode frozen = TestNode.idle("n1", redis, options);
        TestNode other = TestNode.running("n2", redis)) {
      Registration made = frozen.register("a");
      await(PATIENCE, () -> other.get("a").status() == SwarmStatus.INTERRUPTED);
      frozen.node.start();

      await(PATIENCE, () -> frozen.lost.equals(List.of(told(made.ownership(), "interrupted"))));
      refused(ErrorCode.FENCED, () -> done(frozen.registry().heartbeat(made.ownership(), null)));
    }
  }

  @Test
  void silentSwarm_afterItsTtl_expiresWithAllItsTraces(TestRedis redis) {
    CoordinationOptions options =
        new CoordinationOptions(
            "",
            10,
            10,
            Duration.ofSeconds(3),
            CoordinationOptions.DEFAULT_SNAPSHOT_INTERVAL,
            CoordinationOptions.DEFAULT_MAX_MESSAGE_SIZE,
            TestNodes.FAST,
            CoordinationOptions.History.defaults(),
            CoordinationOptions.Tasks.defaults(),
            StateLimits.defaults());
    try (TestNode node = TestNode.idle("n1", redis, options)) {
      node.node.start();
      Registration kept = node.register("kept");
      Registration gone = node.register("gone");
      node.detach(gone.ownership(), Departure.GOODBYE);

      await(PATIENCE, () -> redis.number("ZCARD", node.keys().index()) == 1);
      refused(ErrorCode.NOT_FOUND, () -> node.get("gone"));
      assertThat(redis.number("EXISTS", node.keys().status("interrupted"))).isZero();
      assertThat(redis.number("EXISTS", node.keys().swarm("gone"))).isZero();
      assertThat(redis.number("EXISTS", node.keys().record("gone"))).isZero();
      assertThat(node.get("kept").attached()).isTrue();
      assertThat(redis.number("EXISTS", node.keys().swarm("kept"))).isOne();
      done(node.registry().heartbeat(kept.ownership(), null));
    }
  }

  /** {@code <swarm> <reason>} of each announcement. */
  private static List<String> interruptions(TestRedis redis, TestNode node) {
    List<String> found = new ArrayList<>();
    for (String envelope :
        StoredHistory.envelopes(redis, node.keys().historyStream("swarm:events"))) {
      Map<?, ?> payload = (Map<?, ?>) Json.parse(envelope).asMap().get("payload");
      Map<?, ?> data = (Map<?, ?>) payload.get("data");
      if ("swarm_interrupted".equals(payload.get("type"))) {
        found.add(data.get("swarmId") + " " + data.get("reason"));
      }
    }
    return found;
  }
}
