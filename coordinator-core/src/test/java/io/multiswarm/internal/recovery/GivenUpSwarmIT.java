package io.multiswarm.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.recovery.RecoveryLog.Candidate;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To give a swarm up takes the incarnation of its interruption, and the token of the upkeep. */
@RedisTest
class GivenUpSwarmIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestNodes node;
  private final RegistryNode registry;
  private final RecoveryLog log;
  private final TestRedis redis;
  private Registration made;
  private UpkeepTerm term;
  private Candidate due;

  GivenUpSwarmIT(TestRedis redis) {
    this.redis = redis;
    this.node =
        TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    this.registry = RegistryNode.create(node.context());
    this.log = new RecoveryLog(node.context());
    node.startSignals();
    registry.start();
  }

  /** Interrupted, with nothing to be recovered from, and its patience over. */
  @BeforeEach
  void interruptOne() {
    made =
        Await.awaitValue(
            "registration",
            PATIENCE,
            () ->
                registry
                    .registry()
                    .register(NewSwarm.of("work").withId("s1"))
                    .onErrorComplete()
                    .block(PATIENCE),
            one -> one != null);
    registry.registry().detach(List.of(made.ownership()), Departure.GOODBYE).block(PATIENCE);
    String upkeep = node.context().keys().upkeep();
    String token =
        Await.awaitValue(
            "the upkeep", PATIENCE, () -> redis.text("HGET", upkeep, "token"), one -> one != null);
    term = new UpkeepTerm(Long.parseLong(token));
    String entry = redis.text("HGET", node.context().keys().roster(), "s1");
    long interrupted = Long.parseLong(entry.substring(0, entry.indexOf(':')));
    log.record(RecoveryResult.nothing("s1"), new RecoveryLog.Proof(interrupted, term), List.of())
        .block(PATIENCE);
    due = log.due(List.of("s1"), Duration.ZERO).block(PATIENCE).get(0);
    assertThat(due.due()).isEqualTo(RecoveryLog.Due.FAIL);
  }

  @AfterEach
  void close() {
    registry.stop().block(PATIENCE);
    node.close();
  }

  private SwarmStatus status() {
    return registry.registry().get("s1").block(PATIENCE).status();
  }

  @Test
  void swarm_thatNobodyCameBackFor_fails() {
    log.giveUp(due, term, Duration.ZERO).block(PATIENCE);
    assertThat(status()).isEqualTo(SwarmStatus.FAILED);
  }

  @Test
  void swarm_attachedBetweenTheLookAndTheWrite_staysActive() {
    registry.registry().attach("s1", made.key()).block(PATIENCE);
    log.giveUp(due, term, Duration.ZERO).block(PATIENCE);
    assertThat(status()).isEqualTo(SwarmStatus.ACTIVE);
  }

  @Test
  void swarm_interruptedAnewBetweenTheLookAndTheWrite_hasItsPatienceAgain() {
    Registration first = made;
    var again = registry.registry().attach("s1", first.key()).block(PATIENCE);
    registry.registry().detach(List.of(again.ownership()), Departure.GOODBYE).block(PATIENCE);
    log.giveUp(due, term, Duration.ZERO).block(PATIENCE);
    assertThat(status()).isEqualTo(SwarmStatus.INTERRUPTED);
  }

  @Test
  void nodeThatKeepsTheFleetUpNoMore_givesNobodyUp() {
    UpkeepTerm old = new UpkeepTerm(term.token() - 1);
    assertThatThrownBy(() -> log.giveUp(due, old, Duration.ZERO).block(PATIENCE))
        .isInstanceOfSatisfying(
            CoordinationException.class, e -> assertThat(e.is(ErrorCode.FENCED)).isTrue());
    assertThat(status()).isEqualTo(SwarmStatus.INTERRUPTED);
  }
}
