package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@RedisTest
@Tag("container")
class RedisExtensionIT {

  private static final Set<String> FLEETS = new HashSet<>();
  private static final Set<String> URIS = new HashSet<>();

  private String fleetBefore = "";

  @BeforeEach
  void rememberFleet(TestRedis redis) {
    fleetBefore = redis.fleet();
  }

  @RepeatedTest(3)
  void fleet_ofEachTest_isItsOwn(TestRedis redis) {
    assertThat(redis.fleet()).isEqualTo(fleetBefore).matches("t[0-9a-z]{1,6}");
    assertThat(FLEETS.add(redis.fleet())).isTrue();
  }

  @RepeatedTest(2)
  void sharedServer_ofAllTests_isOneAndClean(TestRedis redis) {
    URIS.add(redis.uri());
    assertThat(URIS).hasSize(1);
    assertThat(redis.list("KEYS", "t*")).isEmpty();
    redis.cli("SET", redis.fleet() + ":left", "behind");
    redis.cli("SET", "{" + redis.fleet() + "}:left", "behind");
  }

  @Test
  void reply_ofEachKind_isRead(TestRedis redis) {
    String key = redis.fleet() + ":k";
    assertThat(redis.text("SET", key, "vä\r\n")).isEqualTo("OK");
    assertThat(redis.text("GET", key)).isEqualTo("vä\r\n");
    assertThat(redis.cli("GET", key + "absent")).isNull();
    assertThat(redis.number("STRLEN", key)).isEqualTo(5);
    assertThat(redis.list("MGET", key, key + "absent")).containsExactly("vä\r\n", null);
    assertThatExceptionOfType(RespClient.ErrorReply.class)
        .isThrownBy(() -> redis.cli("HGET", key, "f"))
        .satisfies(error -> assertThat(error.code()).isEqualTo("WRONGTYPE"));
  }

  @Test
  void commandCounts_afterCommands_haveGrownByThem(TestRedis redis) {
    long all = redis.commandCount();
    long sets = redis.commandCounts().getOrDefault("set", 0L);
    redis.cli("SET", redis.fleet(), "1");
    redis.cli("GET", redis.fleet());
    assertThat(redis.commandCounts()).containsEntry("set", sets + 1);
    assertThat(redis.commandCount()).isEqualTo(all + 2);
  }

  @Test
  void killClients_ofType_cutsOthersOnly(TestRedis redis) {
    redis.cli("PING");
    try (RespClient other = RespClient.connect(URI.create(redis.uri()))) {
      other.call("PING");
      assertThat(redis.killClients("normal")).isPositive();
      assertThatThrownBy(() -> other.call("PING")).isInstanceOf(UncheckedIOException.class);
    }
    assertThat(redis.text("PING")).isEqualTo("PONG");
  }

  @Test
  void ownedServer_besideShared_isAnother(TestRedis shared, OwnedRedis owned) {
    assertThat(owned.uri()).isNotEqualTo(shared.uri());
  }

  @Test
  void restart_ofOwned_keepsPortAndData(OwnedRedis redis) {
    String uri = redis.uri();
    redis.cli("SET", "k", "v");
    redis.restart();
    assertThat(redis.uri()).isEqualTo(uri);
    assertThat(redis.text("GET", "k")).isEqualTo("v");
  }

  @Test
  @RedisTest(settings = "appendfsync no")
  void kill_ofOwned_refusesUntilStarted(OwnedRedis redis) {
    redis.cli("SET", "k", "v");
    redis.kill();
    assertThatThrownBy(() -> redis.cli("PING")).isInstanceOf(UncheckedIOException.class);
    redis.start();
    assertThat(redis.text("GET", "k")).isEqualTo("v");
  }

  @Test
  void pause_ofOwned_answersAfterResume(OwnedRedis redis) {
    try (RespClient client = RespClient.connect(URI.create(redis.uri()))) {
      client.call("PING");
      redis.pause();
      client.send("INCR", "n");
      assertThat(client.hasReplyWithin(Duration.ofMillis(100))).isFalse();
      redis.resume();
      assertThat(client.receive()).isEqualTo(1L);
    }
  }

  @Test
  void kill_ofPaused_endsIt(OwnedRedis redis) {
    redis.pause();
    redis.kill();
    redis.start();
    assertThat(redis.text("PING")).isEqualTo("PONG");
  }

  @Test
  void flushAll_ofOwned_leavesNothing(OwnedRedis redis) {
    redis.cli("SET", "k", "v");
    redis.flushAll();
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  @RedisTest(dedicated = true, settings = "maxmemory 12mb")
  void dedicated_withSettings_isOneServerForBothParameters(TestRedis redis, OwnedRedis owned) {
    assertThat(redis).isSameAs(owned);
    assertThat(redis.list("CONFIG", "GET", "maxmemory")).containsExactly("maxmemory", "12582912");
    assertThat(redis.list("CONFIG", "GET", "appendfsync"))
        .containsExactly("appendfsync", "everysec");
  }
}
