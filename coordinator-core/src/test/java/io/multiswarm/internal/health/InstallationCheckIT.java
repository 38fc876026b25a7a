package io.multiswarm.internal.health;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.health.Durability;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.OnEviction;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@RedisTest
class InstallationCheckIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Scheduler scheduler = Schedulers.newSingle("health-test");
  private final VirtualTime time = new VirtualTime();
  private final OwnedRedis redis;
  private final RedisLink link;

  InstallationCheckIT(OwnedRedis redis) {
    this.redis = redis;
    this.link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    link.connected().subscribe();
    await("the link", SOON, link::isUp);
  }

  @AfterEach
  void close() {
    link.close().block(SOON);
    time.close();
    scheduler.dispose();
  }

  private InstallationCheck check(OnEviction onEviction) {
    return check(onEviction, Durability.MEMORY);
  }

  private InstallationCheck check(OnEviction onEviction, Durability durability) {
    return new InstallationCheck(
        link.reads(), time.scheduler(), onEviction, durability, Mono::empty);
  }

  private String refusal(Durability durability) {
    return String.valueOf(
        check(OnEviction.REFUSE, durability)
            .admit()
            .map(report -> "admitted")
            .onErrorResume(error -> Mono.just(String.valueOf(error.getMessage())))
            .block(SOON));
  }

  @Test
  void durability_thatRedisIsNotSetUpFor_isRefusedInOneLine() {
    assertThat(refusal(Durability.LOCAL)).isEqualTo("admitted");
    assertThat(refusal(Durability.REPLICATED))
        .contains("min-replicas-to-write 0", "set min-replicas-to-write 1");

    redis.config("min-replicas-to-write", "1");
    redis.config("appendonly", "no");

    assertThat(refusal(Durability.MEMORY)).isEqualTo("admitted");
    assertThat(refusal(Durability.REPLICATED)).isEqualTo("admitted");
    assertThat(refusal(Durability.LOCAL)).contains("no append-only file", "set appendonly yes");
  }

  @Test
  void safeRedis_isAdmitted() {
    InstallationReport report = check(OnEviction.REFUSE).admit().toFuture().join();
    assertThat(report.isSafe()).isTrue();
    assertThat(report.installation().appendOnly()).isTrue();
    assertThat(report.installation().appendFsync()).isEqualTo("everysec");
  }

  @Test
  void evictingRedis_isRefusedInOneLine() {
    redis.config("maxmemory", "100mb");
    redis.config("maxmemory-policy", "allkeys-lru");

    CompletableFuture<InstallationReport> admitted = check(OnEviction.REFUSE).admit().toFuture();

    assertThat(admitted)
        .failsWithin(SOON)
        .withThrowableThat()
        .havingRootCause()
        .withMessage(
            "Redis removes keys at maxmemory (104857600 bytes, maxmemory-policy allkeys-lru), the"
                + " leader's lease and tasks among them; set maxmemory-policy noeviction, or allow"
                + " it explicitly and lose data");
  }

  @Test
  void evictingRedis_allowed_isReportedAsUnsafe() {
    redis.config("maxmemory", "100mb");
    redis.config("maxmemory-policy", "allkeys-lru");
    assertThat(check(OnEviction.DEGRADE).admit().toFuture().join().isSafe()).isFalse();
  }

  @Test
  void settings_changedLater_areNoticedWithinThirtySeconds() {
    InstallationCheck check = check(OnEviction.REFUSE);
    check.admit().toFuture().join();
    check.start();
    // Far more than the server and its connections take, which cannot be evicted.
    redis.config("maxmemory", "20mb");
    redis.config("maxmemory-policy", "allkeys-lru");
    for (int i = 0; i < 400; i++) {
      redis.cli("SET", "filler-" + i, "x".repeat(100_000));
    }

    time.advance(InstallationCheck.INTERVAL);

    await("a report", SOON, () -> !check.latest().orElseThrow().isSafe());
    assertThat(check.latest().orElseThrow().problems())
        .anyMatch(problem -> problem.startsWith("Redis removes keys"))
        .anyMatch(problem -> problem.matches("Redis has removed \\d+ keys .*"));
    check.stop();
  }
}
