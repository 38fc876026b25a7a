package io.multiswarm.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.ConnectOptions;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.health.Durability;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisExamination.Finding;
import io.multiswarm.health.RedisExamination.Level;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@RedisTest
class RedisExaminerIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final OwnedRedis redis;

  RedisExaminerIT(OwnedRedis redis) {
    this.redis = redis;
  }

  private RedisExamination examine(String uri) {
    return examine(uri, Durability.MEMORY);
  }

  private RedisExamination examine(String uri, Durability durability) {
    return MultiSwarmCoordination.examine(
            ConnectOptions.of(uri)
                .withPolicies(Policies.defaults().withDurability(durability))
                .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet())),
            Instant::now)
        .block(SOON);
  }

  private static Finding finding(RedisExamination examination, String name) {
    return examination.findings().stream()
        .filter(finding -> finding.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + examination));
  }

  @Test
  void redisThatKeepsEverything_isSafe_andNothingIsLeftBehind() {
    RedisExamination found = examine(redis.uri());

    assertThat(found.isSafe()).isTrue();
    assertThat(found.findings())
        .extracting(Finding::name)
        .containsExactly(
            "version",
            "role",
            "permissions",
            "eviction",
            "persistence",
            "latency",
            "clock",
            "topology");
    assertThat(finding(found, "topology").text()).isEqualTo("standalone, 0 replicas");
    assertThat(redis.list("KEYS", "*")).isEmpty();
  }

  @Test
  void redisThatRemovesKeysAndKeepsNoFile_isNot() {
    redis.config("maxmemory", "100mb");
    redis.config("maxmemory-policy", "allkeys-lru");
    redis.config("appendonly", "no");

    RedisExamination found = examine(redis.uri());

    assertThat(found.isSafe()).isFalse();
    assertThat(finding(found, "eviction"))
        .isEqualTo(
            new Finding(
                "eviction",
                Level.UNSAFE,
                "at most 104857600 bytes, then keys are removed (allkeys-lru)",
                "set maxmemory-policy noeviction"));
    assertThat(finding(found, "persistence").level()).isEqualTo(Level.UNSAFE);
  }

  @Test
  void redisThatKeepsLessThanIsDemanded_isNot() {
    RedisExamination found = examine(redis.uri(), Durability.REPLICATED);

    assertThat(found.isSafe()).isFalse();
    assertThat(finding(found, "durability").text()).contains("set min-replicas-to-write 1");
  }

  @Test
  void redisThatDoesNotTell_isNot() {
    redis.cli("ACL", "SETUSER", "u1", "on", ">pass", "~*", "&*", "+@all", "-@dangerous", "-memory");

    RedisExamination found = examine("redis://u1:pass@" + redis.host() + ":" + redis.port());

    assertThat(found.isSafe()).isFalse();
    assertThat(finding(found, "permissions").text())
        .isEqualTo(
            "Redis refuses user u1 MEMORY USAGE: the bytes of a channel's history are counted by"
                + " reading it, which costs more; grant +memory|usage");
    assertThat(finding(found, "eviction").advice()).contains("+info");
  }

  @Test
  void redisThatDoesNotAnswer_isTold() {
    redis.stop();

    RedisExamination found = examine(redis.uri());

    assertThat(found.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("Connection refused"));
    assertThat(found.isSafe()).isFalse();
  }
}
