package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A replica that would take writes, and lose them: only its role keeps a node from writing. */
@RedisTest(dedicated = true)
class WritableReplicaIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Retry AGAIN =
      Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)).filter(WritableReplicaIT::isAway);

  private final OwnedRedis redis;
  private final MultiSwarmCoordination node;

  WritableReplicaIT(OwnedRedis redis) {
    this.redis = redis;
    redis.config("replica-read-only", "no");
    this.node =
        MultiSwarmCoordination.create(
            redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
  }

  @AfterEach
  void shutdown() {
    node.shutdown().block(SOON);
    redis.cli("REPLICAOF", "NO", "ONE");
  }

  private static boolean isAway(Throwable error) {
    return CoordinationException.is(error, ErrorCode.UNAVAILABLE);
  }

  private long calls(String command) {
    Matcher calls =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(redis.text("INFO", "commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  @Test
  void replica_asTheTarget_isNotWrittenToUntilItIsPromoted() {
    redis.cli("REPLICAOF", "127.0.0.1", "1");

    CompletableFuture<Void> started = node.initialize().toFuture();
    await("attempts", SOON, () -> calls("hello") > 6);
    assertThatThrownBy(() -> node.createSwarm(NewSwarm.of("o").withId("one")).block(SOON))
        .matches(WritableReplicaIT::isAway, "tells that Redis is away");
    assertThat(calls("evalsha") + calls("eval") + calls("psetex")).isZero();

    redis.cli("REPLICAOF", "NO", "ONE");
    assertThat(started).succeedsWithin(SOON);
    node.createSwarm(NewSwarm.of("o").withId("one")).retryWhen(AGAIN).block(SOON);
  }

  @Test
  void master_demotedMeanwhile_isNotWrittenToAfterAReconnection() {
    node.initialize().block(SOON);
    node.createSwarm(NewSwarm.of("o").withId("one")).block(SOON);
    Mono<?> say = Mono.defer(() -> node.broadcast("one", NewMessage.of("t", 1)));

    redis.cli("REPLICAOF", "127.0.0.1", "1");
    redis.killClients("normal"); // as Sentinel does it
    long scripts = calls("evalsha");
    long handshakes = calls("hello");
    // Two for commands, again and again: neither is used.
    await("attempts", SOON, () -> calls("hello") > handshakes + 5);
    assertThatThrownBy(() -> say.block(SOON))
        .matches(WritableReplicaIT::isAway, "tells that Redis is away");
    assertThat(calls("evalsha")).isEqualTo(scripts);

    redis.cli("REPLICAOF", "NO", "ONE");
    say.retryWhen(AGAIN).block(SOON);
  }
}
