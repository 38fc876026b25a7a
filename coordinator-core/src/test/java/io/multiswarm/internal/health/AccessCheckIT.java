package io.multiswarm.internal.health;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.ConnectOptions;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node tells what is refused to it, by which name it is known, and what to grant. */
@RedisTest(dedicated = true)
class AccessCheckIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final TestRedis redis;
  private final AtomicReference<MultiSwarmCoordination> started = new AtomicReference<>();

  AccessCheckIT(TestRedis redis) {
    this.redis = redis;
    redis.cli("ACL", "SETUSER", "u1", "on", ">pass", "~*", "&*", "+@all");
  }

  private MultiSwarmCoordination node(String uri) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(
            ConnectOptions.of(uri)
                .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet())));
    started.set(node);
    return node;
  }

  private MultiSwarmCoordination starting() {
    MultiSwarmCoordination node = node("redis://u1:pass@" + redis.host() + ":" + redis.port());
    node.initialize().subscribe();
    return node;
  }

  @AfterEach
  void shutdown() {
    MultiSwarmCoordination node = started.get();
    if (node != null) {
      node.shutdown().block(SOON);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-eval, EVAL, +eval",
    "-evalsha, EVALSHA, +evalsha",
    "-@scripting, EVAL, +eval +evalsha",
    "-publish, PUBLISH, +publish",
    "-subscribe, SUBSCRIBE, +subscribe",
    "-xadd, XADD, +xadd",
    "-@sortedset, ZADD, +zadd",
    "resetchannels, PUBLISH, &{FLEET}:swarm:*",
    "resetkeys, EVAL, ~{FLEET}:swarm:*",
  })
  void refusal_ofWhatIsNeeded_isToldAndEndsWhenItIsGranted(
      String rule, String refused, String grant) {
    redis.cli("ACL", "SETUSER", "u1", rule);
    String granted = grant.replace("FLEET", redis.fleet());
    MultiSwarmCoordination node = starting();

    await("a look", SOON, () -> node.obstacle().orElse("").contains("refuses"));
    assertThat(node.obstacle().orElseThrow())
        .startsWith("Redis refuses user u1 what a node needs: ")
        .contains(refused, "ACL SETUSER u1 ");
    for (String word : granted.split(" ")) {
      assertThat(node.obstacle().orElseThrow()).contains(word);
    }

    redis.cli("ACL", "SETUSER", "u1", "allkeys", "allchannels", "+@all");

    await("a start", SOON, () -> node.obstacle().isEmpty());
    node.createSwarm(NewSwarm.of("o")).block(SOON);
  }

  @Test
  void refusal_thatComesLater_isToldAfterTheNextLook() {
    MultiSwarmCoordination node = starting();
    await("a start", SOON, () -> node.obstacle().isEmpty());

    redis.cli("ACL", "SETUSER", "u1", "-xadd");
    // The command's own connection is spared.
    redis.killClients("normal");
    redis.killClients("pubsub");

    await("a look", SOON, () -> node.obstacle().orElse("").contains("XADD"));
  }

  @Test
  void infoAndConfigRefused_nodeWorksAndTellsThatItCannotLook() {
    redis.cli("ACL", "SETUSER", "u1", "-@dangerous", "-memory", "-object", "-hello");
    redis.cli("ACL", "SETUSER", "u1", "+hello");
    MultiSwarmCoordination node = starting();
    await("a start", SOON, () -> node.obstacle().isEmpty());

    assertThat(node.access().orElseThrow().warnings())
        .anyMatch(line -> line.startsWith("Redis refuses user u1 INFO"))
        .anyMatch(line -> line.startsWith("Redis refuses user u1 MEMORY USAGE"))
        .anyMatch(line -> line.startsWith("Redis refuses user u1 OBJECT ENCODING"));
    assertThat(node.installation().orElseThrow().isSafe()).isTrue();
    assertThat(node.installation().orElseThrow().warnings())
        .singleElement()
        .asString()
        .contains("does not tell whether it removes keys", "+info");
  }

  @Test
  void infoRefusedAndConfigNot_evictionIsFoundAllTheSame() {
    redis.cli("ACL", "SETUSER", "u1", "-info");
    redis.config("maxmemory", "100mb");
    redis.config("maxmemory-policy", "allkeys-lru");
    MultiSwarmCoordination node = node("redis://u1:pass@" + redis.host() + ":" + redis.port());

    assertThat(error(node::initialize)).hasMessageContaining("set maxmemory-policy noeviction");
  }

  private static Throwable error(java.util.function.Supplier<reactor.core.publisher.Mono<Void>> m) {
    try {
      m.get().block(SOON);
      return new AssertionError("no error");
    } catch (CoordinationException e) {
      return e;
    }
  }

  @Test
  void replica_asTheTarget_isToldWithItsMaster(OwnedRedis owned) {
    redis.cli("REPLICAOF", "127.0.0.1", "1");
    MultiSwarmCoordination node = starting();

    await("a look", SOON, () -> node.obstacle().orElse("").contains("replica"));
    assertThat(node.obstacle().orElseThrow())
        .endsWith(
            redis.port()
                + " is a replica of 127.0.0.1:1 and takes no writes; give the master's address, or"
                + " Sentinel's");
    redis.cli("REPLICAOF", "NO", "ONE");

    await("a start", SOON, () -> node.obstacle().isEmpty());
  }

  @Test
  void redisThatIsTooOld_isRefusedInOneLine() throws Exception {
    try (OldRedis old = OldRedis.ofVersion("6.2.14")) {
      Throwable refused = error(() -> node(old.uri()).initialize());

      assertThat(refused)
          .hasMessage("Redis 6.2.14 is too old; 7.0 or newer is needed, or a Valkey");
      assertThat(CoordinationException.is(refused, ErrorCode.FAILED_PRECONDITION)).isTrue();
    }
  }
}
