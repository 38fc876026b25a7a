package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.common.RedisTls;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.LogLines;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.SelfSigned;
import io.multiswarm.testing.TlsRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that runs says why Redis does not take it again, and takes up its work when it does. */
@RedisTest
class RefusedReconnectionIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LOG = "io.multiswarm.internal.redis.FailureLog";

  private final AtomicReference<MultiSwarmCoordination> started = new AtomicReference<>();
  private final OwnedRedis redis;

  RefusedReconnectionIT(OwnedRedis redis) {
    this.redis = redis;
  }

  @AfterEach
  void shutdown() {
    MultiSwarmCoordination node = started.get();
    if (node != null) {
      node.shutdown().block(SOON);
    }
  }

  private void connect(String uri, RedisAccess access) {
    started.set(
        MultiSwarmCoordination.connect(
                ConnectOptions.of(uri)
                    .withRedisAccess(access)
                    .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet())))
            .block(SOON));
    assertThat(node().disconnection()).isEmpty();
  }

  private void connectAsApp() {
    redis.cli("ACL", "SETUSER", "app", "reset", "on", ">first", "~*", "&*", "+@all");
    connect("redis://app:first@" + redis.host() + ":" + redis.port(), RedisAccess.defaults());
  }

  private MultiSwarmCoordination node() {
    return started.get();
  }

  private String awaitReason(String part) {
    return Await.awaitValue(
        part, SOON, () -> node().disconnection().orElse(""), text -> text.contains(part));
  }

  private void awaitWork() {
    Await.awaitValue(
        "connections", SOON, () -> node().disconnection().orElse(""), text -> text.isEmpty());
    assertThat(node().isConnected()).isTrue();
    node().probe().block(SOON);
  }

  @Test
  void password_thatWasChanged_isToldWithTheUserInTheWordsOfTheLog() {
    connectAsApp();
    try (LogLines log = LogLines.of(LOG)) {
      redis.cli("ACL", "SETUSER", "app", "resetpass", ">second");
      redis.cli("CLIENT", "KILL", "USER", "app");

      String told = awaitReason("refuses user app (WRONGPASS");

      assertThat(told)
          .startsWith("Redis at " + redis.host() + ":" + redis.port())
          .contains("check the user and the password")
          .doesNotContain("first");
      log.awaitLine("the same", line -> line.startsWith("WARN") && line.contains(told));
    }
    redis.cli("ACL", "SETUSER", "app", ">first");
    awaitWork();
  }

  @Test
  void user_thatIsNoMore_isTold() {
    connectAsApp();
    redis.cli("ACL", "DELUSER", "app"); // which ends its connections

    awaitReason("refuses user app (WRONGPASS");
    redis.cli("ACL", "SETUSER", "app", "on", ">first", "~*", "&*", "+@all");
    awaitWork();
  }

  @Test
  void master_thatBecameAReplica_isToldWithItsMaster() {
    connectAsApp();
    redis.cli("REPLICAOF", "127.0.0.1", "1");
    redis.cli("CLIENT", "KILL", "USER", "app");

    assertThat(awaitReason("is a replica of 127.0.0.1:1 and takes no writes"))
        .contains("give the master's address, or Sentinel's");
    redis.cli("REPLICAOF", "NO", "ONE");
    awaitWork();
  }

  @Test
  void redis_thatIsGone_isToldWithItsAddress() {
    connectAsApp();
    redis.stop();

    awaitReason("Connection refused");
    redis.start();
    redis.cli("ACL", "SETUSER", "app", "on", ">first", "~*", "&*", "+@all");
    awaitWork();
  }

  @Test
  void certificate_thatNobodyVouchesForAnyMore_isTold(@TempDir Path directory) throws IOException {
    SelfSigned own = SelfSigned.make(directory, "redis", "dns:localhost,ip:127.0.0.1");
    SelfSigned other = SelfSigned.make(directory, "other", "dns:localhost,ip:127.0.0.1");
    Path trusted = Files.copy(own.certificate(), directory.resolve("trusted.crt"));
    try (TlsRedis server = TlsRedis.launch(own, null)) {
      connect(
          "rediss://" + server.address(),
          RedisAccess.defaults().withTls(RedisTls.files(trusted, null, null)));
      Files.copy(other.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(other.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
      server.restart();

      awaitReason("name a file of the certificates (CA) that vouch for Redis's");
      Files.copy(own.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
      awaitWork();
      shutdown();
      started.set(null);
    }
  }
}
