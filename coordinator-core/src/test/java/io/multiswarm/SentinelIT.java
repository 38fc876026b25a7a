package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.common.RedisAccess.RedisLogin;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.SentinelGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Failovers of Sentinel under a node that goes on writing, with a ledger of what it was promised.
 */
class SentinelIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PASSWORD = "s3ntinel";

  private final SentinelGroup redis = SentinelGroup.launch(PASSWORD);
  private final List<Long> ledger = new CopyOnWriteArrayList<>();
  private MultiSwarmCoordination node;
  private Disposable writing;

  @BeforeEach
  void begin() {
    RedisAccess access = RedisAccess.defaults().withSentinelLogin(() -> RedisLogin.of(PASSWORD));
    node =
        MultiSwarmCoordination.create(
            ConnectOptions.of(redis.uri())
                .withRedisAccess(access)
                .withCoordination(CoordinationOptions.defaults()));
    node.initialize().block(SOON);
    node.createSwarm(NewSwarm.of("talk").withId("one")).block(SOON);
    writing =
        Mono.defer(() -> node.broadcast("one", NewMessage.of("t", 1)))
            .doOnNext(published -> ledger.add(published.position().offset()))
            .retryWhen(
                Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)).filter(SentinelIT::isAway))
            .repeat()
            .subscribe();
    await("writes", SOON, () -> ledger.size() > 50);
  }

  private static boolean isAway(Throwable error) {
    return error instanceof CoordinationException refused
        && refused.code() == ErrorCode.UNAVAILABLE;
  }

  @AfterEach
  void end() {
    writing.dispose();
    node.shutdown().block(SOON);
    redis.close();
  }

  private void writesGoOnAt(int server) {
    int before = ledger.size();
    await("writes after the failover", SOON, () -> ledger.size() > before + 50);
    assertThat(redis.isMaster(server)).isTrue();
    assertThat(isWrittenTo(server)).isTrue();
    assertThat(isWrittenTo(1 - server)).as("nothing is left at the old master").isFalse();
  }

  @Test
  void failover_byHand_isFollowedAtOnce() {
    redis.failOver(PASSWORD);

    await("the promotion", SOON, () -> redis.isMaster(1));
    await("connections to the new master", SOON, () -> isWrittenTo(1));
    writesGoOnAt(1);
  }

  @Test
  void master_frozen_isLeftAndNotWrittenToWhenItWakes() {
    redis.pause(0);
    await("the promotion", SOON, () -> redis.isMaster(1));
    await("connections to the new master", SOON, () -> isWrittenTo(1));
    int before = ledger.size();
    await("writes after the failover", SOON, () -> ledger.size() > before + 50);
    redis.resume(0);
    await("the old master's demotion", SOON, () -> !redis.isMaster(0));
    writesGoOnAt(1);
  }

  /** Only a node's connections run scripts: what is replicated are their effects. */
  private boolean isWrittenTo(int server) {
    return String.valueOf(redis.call(server, "CLIENT", "LIST")).contains("cmd=evalsha");
  }
}
