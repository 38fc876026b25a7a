package io.multiswarm.registry;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.registry.TestNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How many swarms a principal may have in the fleet, whichever nodes it asks. */
@RedisTest
class CreatorsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final CoordinationOptions OPTIONS =
      CoordinationOptions.defaults().withPrincipalSwarms(2);

  private TestRedis redis;
  private TestNode one;
  private TestNode two;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    one = TestNode.idle("n1", redis, OPTIONS);
    two = TestNode.idle("n2", redis, OPTIONS);
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static Mono<Registration> creating(TestNode node, String id, String principal) {
    return node.registry().register(NewSwarm.of("work").withId(id).by(principal));
  }

  private static Registration create(TestNode node, String id) {
    return done(creating(node, id, "team p"));
  }

  private static void full(TestNode node) {
    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> create(node, "one-more"));
  }

  private static void end(TestNode node, Registration made) {
    done(node.registry().deregister(made.ownership(), null));
  }

  private String creators() {
    return one.keys().sys("creators");
  }

  @Test
  void creations_40AtOnceOverTwoNodes_leaveExactlyTheLimit() {
    List<Registration> made =
        done(
            Flux.range(0, 40)
                .flatMap(
                    i ->
                        creating(i % 2 == 0 ? one : two, "s" + i, "team p")
                            .onErrorResume(
                                e -> CoordinationException.is(e, ErrorCode.RESOURCE_EXHAUSTED),
                                e -> Mono.empty()),
                    40)
                .collectList());

    assertThat(made).hasSize(2);
    full(one);
    full(two);
    done(creating(two, "of-q", "q"));
    done(two.registry().register(NewSwarm.of("work").withId("of-nobody")));
  }

  @Test
  void deregistration_onWhicheverNode_givesThePlaceBackAndLeavesNoTrace() {
    Registration a = create(one, "a");
    Registration b = create(two, "b");
    end(two, a);
    Registration again = create(two, "a");
    full(one);

    end(one, again);
    end(one, b);
    assertThat(redis.number("EXISTS", creators())).isZero();
  }

  @Test
  void expiry_ofASwarmThatNobodyHolds_givesThePlaceBack() {
    Registration gone = create(one, "gone");
    create(one, "kept");
    one.detach(gone.ownership(), Departure.GOODBYE);
    full(two);

    redis.cli("ZADD", one.keys().heartbeats(), "1", "gone");
    try (TestNode upkeep = TestNode.idle("n3", redis, OPTIONS.withLiveness(TestNodes.FAST))) {
      upkeep.node.start();
      await(PATIENCE, () -> redis.number("ZCARD", one.keys().index()) == 1);
    }

    create(two, "next");
    full(two);
  }

  @Test
  void creation_repeatedAfterALostAnswer_countsOnceAndIsNotRefused() {
    Mono<Registration> call = creating(one, "a", "team p");
    Registration unheard = done(call);
    create(two, "b");

    assertThat(done(call).key()).isEqualTo(unheard.key());
    one.detach(unheard.ownership(), Departure.GOODBYE);
    assertThat(done(call).key()).isEqualTo(unheard.key());
    full(one);
    end(two, done(call));
    create(two, "c");
    full(two);
  }

  @Test
  void attaching_atTheLimit_isNeverRefusedAndCountsForWhoCreated() {
    Registration a = create(one, "a");
    create(one, "b");
    Registration ofQ = done(creating(one, "c", "q"));

    done(two.registry().attach("a", a.key()));
    done(two.registry().attach("c", ofQ.key()));
    done(two.registry().attachWithNewKey("b"));

    full(two);
    done(creating(two, "d", "q"));
    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> done(creating(two, "e", "q")));
  }

  /** As an older node does it, which knows nothing of creators. */
  private void endTheOldWay(String... ids) {
    for (String id : ids) {
      redis.cli("HDEL", one.keys().roster(), id);
      redis.cli("ZREM", one.keys().index(), id);
      redis.cli("DEL", one.keys().record(id), one.keys().swarm(id));
    }
  }

  @Test
  void swarms_thatOlderNodesEnded_keepNobodyOut() {
    create(one, "a");
    create(one, "b");
    endTheOldWay("a");
    create(two, "a");
    full(two);
    endTheOldWay("a", "b");

    create(two, "c");
    create(two, "d");
    full(two);
  }

  @Test
  void swarms_thatOlderNodesEnded_areFoundAmongManyOthers() {
    done(
        Flux.range(0, 600)
            .flatMap(i -> creating(one, "of-another" + i, "another " + i / 2), 64)
            .then());
    create(one, "a");
    create(one, "b");
    endTheOldWay("a", "b");

    // Each attempt looks at a part, and goes on where the last one ended.
    List<Integer> refusals =
        IntStream.range(0, 10).takeWhile(i -> !isCreated("c")).boxed().toList();
    assertThat(refusals).hasSizeLessThan(10);
  }

  private boolean isCreated(String id) {
    try {
      create(two, id);
      return true;
    } catch (CoordinationException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
      return false;
    }
  }

  @Test
  void swarms_thatOlderNodesRegistered_countFromTheirNextAttachment() {
    Registration a = create(one, "a");
    Registration b = create(one, "b");
    redis.cli("DEL", creators());

    done(two.registry().attach("a", a.key()));
    done(two.registry().attach("b", b.key()));

    full(two);
  }

  @Test
  void creators_afterRedisLostItsData_areLockedOutOfNothing() {
    create(one, "a");
    create(two, "b");
    redis.list("KEYS", "*" + redis.fleet() + "*").forEach(key -> redis.cli("DEL", key));

    create(one, "c");
    create(two, "d");
    full(one);
  }
}
