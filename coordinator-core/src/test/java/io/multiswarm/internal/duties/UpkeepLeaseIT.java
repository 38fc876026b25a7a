package io.multiswarm.internal.duties;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@RedisTest
class UpkeepLeaseIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestRedis redis;

  UpkeepLeaseIT(TestRedis redis) {
    this.redis = redis;
  }

  /** A node with nothing but its part in the upkeep. */
  private final class Node implements AutoCloseable {
    final TestNodes node =
        TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    final UpkeepLease lease = new UpkeepLease(node.context());
    final List<Optional<UpkeepTerm>> terms = new CopyOnWriteArrayList<>();

    Node() {
      lease.terms().subscribe(terms::add);
      node.startSignals();
      lease.start();
    }

    Optional<UpkeepTerm> term() {
      return terms.isEmpty() ? Optional.empty() : terms.get(terms.size() - 1);
    }

    UpkeepTerm awaitTerm() {
      Await.await("its term", PATIENCE, () -> term().isPresent());
      return term().orElseThrow();
    }

    String check(UpkeepTerm term) {
      return node.context()
          .link()
          .run(
              ScriptCall.of(Script.NODE_SWEEP)
                  .key(node.context().keys().nodes())
                  .key(node.context().keys().detached())
                  .key(node.context().keys().heartbeats())
                  .key(node.context().keys().upkeep())
                  .arg(term.token())
                  .arg(Duration.ofHours(1)))
          .block(PATIENCE)
          .status();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  @Test
  void upkeep_ofANodeThatDied_passesToAnotherAndItsTokenIsFenced() {
    Node first = new Node();
    UpkeepTerm old = first.awaitTerm();
    try (Node second = new Node()) {
      assertThat(second.check(old)).isEqualTo("OK");
      first.close();

      UpkeepTerm next = second.awaitTerm();
      assertThat(next.token()).isGreaterThan(old.token());
      assertThat(second.check(next)).isEqualTo("OK");
      assertThat(second.check(old)).isEqualTo("FENCED");
    }
  }

  @Test
  void upkeep_thatIsGivenUp_passesAtOnce() {
    try (Node first = new Node()) {
      UpkeepTerm old = first.awaitTerm();
      try (Node second = new Node()) {
        first.lease.leave().block(PATIENCE);

        assertThat(second.awaitTerm().token()).isGreaterThan(old.token());
        assertThat(first.term()).isEmpty();
      }
    }
  }

  @Test
  void upkeep_thatWasTakenUnnoticed_endsWithTheNextRenewalAndIsNotRegained() {
    try (Node node = new Node()) {
      UpkeepTerm old = node.awaitTerm();
      String far = Long.toString(redis.millis() + 1_900);
      redis.cli(
          "HSET", node.node.context().keys().upkeep(), "node", "other", "token", far, "until", far);

      Await.await(
          "the end",
          PATIENCE,
          () -> node.terms.contains(Optional.<UpkeepTerm>empty()) && node.terms.size() > 2);
      assertThat(node.lease.stillHeld(old)).isEmpty();
      assertThat(node.awaitTerm().token())
          .as("the other's lease is over")
          .isGreaterThan(Long.parseLong(far));
    }
  }

  @Test
  void token_afterRedisLostItsData_isNewer() {
    try (Node node = new Node()) {
      UpkeepTerm old = node.awaitTerm();
      redis.cli("DEL", node.node.context().keys().upkeep());

      Await.await(
          "a term of the new data",
          PATIENCE,
          () -> node.term().filter(term -> term.token() > old.token()).isPresent());
    }
  }
}
