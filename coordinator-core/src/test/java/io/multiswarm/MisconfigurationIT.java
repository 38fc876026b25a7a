package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.SelfSigned;
import io.multiswarm.testing.SentinelGroup;
import io.multiswarm.testing.TlsRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code /readyz} and the log's first line say of a Redis that was named or set up wrongly.
 * Those of permissions, roles, versions and settings are in {@code AccessCheckIT} and {@code
 * InstallationCheckIT}.
 */
@RedisTest
class MisconfigurationIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final AtomicReference<MultiSwarmCoordination> started = new AtomicReference<>();
  private final OwnedRedis redis;
  private final String address;

  MisconfigurationIT(OwnedRedis redis) {
    this.redis = redis;
    this.address = redis.host() + ":" + redis.port();
  }

  @AfterEach
  void shutdown() {
    started.get().shutdown().block(SOON);
  }

  /** Why the node does not start: what its start failed with, or what keeps it. */
  private String tells(String uri, String... parts) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(
            ConnectOptions.of(uri)
                .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet())));
    started.set(node);
    AtomicReference<String> refusal = new AtomicReference<>();
    node.initialize().subscribe(done -> {}, error -> refusal.set(error.getMessage()));
    String told =
        Await.awaitValue(
            String.join(", ", parts),
            SOON,
            () -> refusal.get() == null ? node.obstacle().orElse("") : refusal.get(),
            text -> text.contains(parts[0]));
    assertThat(told).contains(parts);
    return told;
  }

  @Test
  void password_ofAUser_isRefusedWithTheUsersName() {
    redis.cli("ACL", "SETUSER", "app", "on", ">right", "~*", "&*", "+@all");

    String told =
        tells(
            "redis://app:wr0ng@" + address,
            "Redis at " + address + " refuses user app (WRONGPASS",
            "check the user and the password");
    assertThat(told).doesNotContain("wr0ng");
  }

  @Test
  void user_thatRedisDoesNotKnow_isRefusedWithItsName() {
    tells("redis://ap:right@" + address, "refuses user ap (WRONGPASS");
  }

  @Test
  void password_thatIsNotGiven_isMissed() {
    redis.config("requirepass", "right");
    try {
      tells("redis://" + address, "refuses this node, which gave no password (NOAUTH");
    } finally {
      redis.config("requirepass", "");
    }
  }

  @Test
  void database_thatRedisDoesNotHave_isNamed() {
    tells("redis://" + address + "/77", "Redis at " + address + " has no database 77 (ERR");
  }

  @Test
  void tls_toAPortWithout_isNamedAsTheCause() {
    tells("rediss://" + address, "if no TLS is spoken there, the address begins with redis://");
  }

  @Test
  void noTls_toAPortWithTls_isNamedAsTheCause(@TempDir Path directory) {
    SelfSigned own = SelfSigned.make(directory, "redis", "dns:localhost,ip:127.0.0.1");
    try (TlsRedis server = TlsRedis.launch(own, null)) {
      tells(
          "redis://" + server.address(),
          "if TLS is spoken there, the address begins with rediss://");
    }
  }

  @Test
  void certificate_thatNobodyVouchesFor_isNamedAsTheCause(@TempDir Path directory) {
    SelfSigned own = SelfSigned.make(directory, "redis", "dns:localhost,ip:127.0.0.1");
    try (TlsRedis server = TlsRedis.launch(own, null)) {
      tells(
          "rediss://" + server.address(),
          "unable to find valid certification path",
          "name a file of the certificates (CA) that vouch for Redis's");
    }
  }

  @Test
  void master_thatSentinelsDoNotKnow_isNamedWithThoseThatTheyKnow() {
    try (SentinelGroup sentinels = SentinelGroup.launch("")) {
      String uri = sentinels.uri();

      tells(
          uri.replace("#" + SentinelGroup.NAME, "#other"),
          " knows no master other; it watches over " + SentinelGroup.NAME);
      shutdown();
      tells(
          uri.replaceAll("redis-sentinel://([^,]+).*", "redis://$1"),
          "this is a Sentinel; its address is redis-sentinel://");
    }
  }

  @Test
  void redis_thatIsTakenForASentinel_isToldToBeNone() {
    tells("redis-sentinel://" + address + "#mymaster", address + " is no Sentinel");
  }

  @Test
  void host_thatThereIsNot_isNamed() {
    tells("redis://no-such-host.invalid:6379", "there is no host no-such-host.invalid");
  }

  @Test
  void port_thatNobodyListensOn_isNamed() {
    redis.stop();
    try {
      tells("redis://" + address, address, "Connection refused");
    } finally {
      redis.start();
    }
  }
}
