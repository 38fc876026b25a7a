package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A session that lives on while Redis loses data below it. */
@RedisTest
class SessionAfterLostDataIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String CREATE = "{\"id\":\"w\",\"objective\":\"work\"}";
  private static final String TASK = "{\"task\":{\"id\":\"t\",\"description\":\"work\"}}";

  private static final CoordinationOptions.Liveness FAST =
      new CoordinationOptions.Liveness(
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2));

  private TestServer server;
  private JsonClient client;

  private void start(OwnedRedis redis) {
    server = TestServer.start(redis, CoordinationOptions.defaults().withLiveness(FAST));
    client = server.connect();
  }

  @AfterEach
  void stop() {
    client.crash();
    server.close();
  }

  @Test
  void flush_thenCreate_isToldItsTasksAndStateAnew(OwnedRedis redis) {
    start(redis);
    long first = incarnation(ok("swarm.create", CREATE));
    ok("state.save", "{\"swarmId\":\"w\",\"state\":{\"of\":\"before\"}}");
    work();

    redis.flushAll();
    assertThat(client.next("swarm.detached").get("incarnation").asLong()).isEqualTo(first);
    long second = incarnation(ok("swarm.create", CREATE));
    assertThat(second).isGreaterThan(first);
    assertThat(client.refusal("state.load", "{\"swarmId\":\"w\"}")).isEqualTo("NOT_FOUND");
    work();
  }

  /** Before the node has noticed: the session has it already, and gets it anew. */
  @Test
  void flush_thenCreateAtOnce_isToldItsTasks(OwnedRedis redis) {
    start(redis);
    long first = incarnation(ok("swarm.create", CREATE));
    work();
    redis.flushAll();
    assertThat(incarnation(ok("swarm.create", CREATE))).isGreaterThan(first);
    work();
  }

  @Test
  @RedisTest(settings = {"appendonly no"})
  void olderFile_thenAttach_isToldItsTasks(OwnedRedis redis) {
    start(redis);
    JsonNode created = ok("swarm.create", CREATE);
    redis.cli("SAVE");
    String attach = "{\"swarmId\":\"w\",\"key\":\"" + created.get("key").asString() + "\"}";
    long held = incarnation(ok("swarm.attach", attach));
    work();

    redis.kill();
    redis.start();
    JsonNode detached = client.next("swarm.detached");
    assertThat(detached.get("incarnation").asLong()).isEqualTo(held);
    assertThat(detached.get("reason").asString()).isEqualTo("interrupted");
    assertThat(incarnation(ok("swarm.attach", attach))).isGreaterThan(held);
    work();
  }

  private static long incarnation(JsonNode answer) {
    return answer.at("/swarm/incarnation").asLong();
  }

  private void work() {
    ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    ok("task.submit", TASK);
    JsonNode notification = next();
    while (notification.get("method").asString().equals("swarm.detached")) {
      notification = next(); // of the life before, by chance just noticed
    }
    assertThat(notification.at("/params/task/id").asString()).isEqualTo("t");
    ok("task.complete", "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":1}");
    ok("task.await", "{\"taskId\":\"t\"}");
  }

  private JsonNode next() {
    return Objects.requireNonNull(client.poll(SOON), "nothing was told");
  }

  /** Again while Redis is not there for all of the node's connections. */
  private JsonNode ok(String method, String params) {
    return Await.awaitValue(
            method,
            SOON,
            () -> client.call(method, params).join(),
            answer -> !answer.at("/error/data/name").asString("").equals("UNAVAILABLE"))
        .get("result");
  }
}
