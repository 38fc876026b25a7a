package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RedisTest
class RedisProxyIT {

  private static final Duration AT_MOST = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofMillis(100);

  private final TestRedis redis;
  private final RedisProxy proxy;
  private final String key;
  private RespClient client;

  RedisProxyIT(TestRedis redis) {
    this.redis = redis;
    this.proxy = RedisProxy.before(redis);
    this.key = redis.fleet() + ":n";
    this.client = connect();
  }

  private RespClient connect() {
    return RespClient.connect(URI.create(proxy.uri()));
  }

  /** Selects none, so that it says nothing yet. */
  private RespClient connectToAnyDatabase() {
    return RespClient.connect(URI.create(proxy.uri()).resolve("/"));
  }

  @BeforeEach
  void passesAtFirst() {
    assertThat(client.call("SET", key, "0")).isEqualTo("OK");
    assertThat(proxy.connections()).isEqualTo(1);
  }

  @AfterEach
  void close() {
    client.close();
    proxy.close();
    Await.await("the proxy's end", AT_MOST, () -> proxy.connections() == 0);
  }

  @Test
  void resetAll_cutsPresentOnes_andPassesNewOnes() {
    proxy.resetAll();
    assertThatThrownBy(() -> client.call("PING")).isInstanceOf(UncheckedIOException.class);
    client = connect();
    assertThat(client.call("GET", key)).isEqualTo("0");
  }

  @Test
  void halfOpenAll_silencesPresentOnesForEver_andPassesNewOnes() {
    proxy.halfOpenAll();
    client.send("INCR", key);
    assertThat(client.hasReplyWithin(SILENCE)).isFalse();
    proxy.heal();
    client.send("INCR", key);
    assertThat(client.hasReplyWithin(SILENCE)).isFalse();
    try (RespClient other = connect()) {
      assertThat(other.call("GET", key)).isEqualTo("0");
    }
  }

  @Test
  void swallow_keepsRequestsFromRedis_untilHealed() {
    proxy.swallow();
    client.send("INCR", key);
    assertThat(client.hasReplyWithin(SILENCE)).isFalse();
    try (RespClient other = connectToAnyDatabase()) {
      other.send("PING");
      assertThat(other.hasReplyWithin(SILENCE)).isFalse();
    }
    proxy.heal();
    assertThat(redis.text("GET", key)).isEqualTo("0");
    try (RespClient other = connect()) {
      assertThat(other.call("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void dropReplies_letsRedisDoIt_andAnswersNothing() {
    proxy.dropReplies();
    client.send("INCR", key);
    Await.await("the increment", AT_MOST, () -> "1".equals(redis.text("GET", key)));
    assertThat(client.hasReplyWithin(SILENCE)).isFalse();
  }

  @Test
  void loseReplyTo_ofOneRequest_cutsAfterRedisDidAll() {
    proxy.loseReplyTo("INCR");
    assertThat(client.call("PING")).isEqualTo("PONG");
    assertThatThrownBy(() -> client.call("INCR", key)).isInstanceOf(UncheckedIOException.class);
    assertThat(redis.text("GET", key)).isEqualTo("1");
    assertThat(proxy.repliesLost()).isEqualTo(1);
    client = connect();
    assertThat(client.call("INCR", key)).isEqualTo(2L);
  }

  @Test
  void refuse_untilHealed_cutsOldAndNew() {
    proxy.refuse();
    assertThatThrownBy(() -> client.call("PING")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> connect().call("PING")).isInstanceOf(UncheckedIOException.class);
    proxy.heal();
    client = connect();
    assertThat(client.call("PING")).isEqualTo("PONG");
    assertThat(proxy.accepted()).isEqualTo(3);
  }

  @Test
  void delayReplies_holdsThemBack() {
    Duration delay = Duration.ofMillis(200);
    proxy.delayReplies(delay);
    long sent = System.nanoTime();
    assertThat(client.call("PING")).isEqualTo("PONG");
    assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(delay);
  }

  @Test
  void commandLog_ofClients_leavesOutScriptsAndTheTest() {
    try (CommandLog log = redis.commandLog()) {
      redis.cli("GET", key);
      client.call("EVAL", "return redis.call('INCR', KEYS[1])", "1", key);
      assertThat(log.sent()).singleElement().asString().startsWith("\"EVAL\"").contains(key);
      assertThat(log.sent()).isEmpty();
    }
  }
}
