package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Swarms whose registration Redis carried out without our hearing of it. */
@RedisTest
class LostCreationIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A node whose lease is not over when it cannot renew it for a while. */
  private static final CoordinationOptions.Liveness UNHURRIED =
      new CoordinationOptions.Liveness(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          Duration.ofSeconds(10));

  private static final String CREATE = "{\"id\":\"late\",\"objective\":\"x\"}";

  private RedisProxy network;
  private TestServer server;
  private TestServer other;
  private JsonClient client;
  private JsonClient witness;

  @BeforeEach
  void start(TestRedis redis) {
    network = RedisProxy.before(redis);
    server =
        TestServer.startBehind(
            network, redis, CoordinationOptions.defaults().withLiveness(UNHURRIED));
    other = TestServer.start(redis);
    client = server.connect();
    witness = other.connect();
    client.ok("swarm.create", "{\"id\":\"early\",\"objective\":\"gives the node its lease\"}");
  }

  @AfterEach
  void stop() {
    client.crash();
    witness.crash();
    other.close();
    server.close();
    network.close();
  }

  @Test
  void create_repeatedAfterAnUnknownOutcome_givesTheSwarmAndItsKey() {
    createUnheard();

    AtomicReference<JsonNode> created = new AtomicReference<>();
    await("the repetition", SOON, () -> succeeds(created));
    assertThat(created.get().at("/swarm/id").asString()).isEqualTo("late");
    client.ok("swarm.update", "{\"swarmId\":\"late\",\"metadata\":{\"phase\":\"held\"}}");
    String key = created.get().get("key").asString();
    witness.ok("swarm.attach", "{\"swarmId\":\"late\",\"key\":\"" + key + "\"}");
  }

  @Test
  void create_ofAnotherSwarmAfterAnUnknownOutcome_isNoRepetition() {
    createUnheard();

    await(
        "the network",
        SOON,
        () -> !code("swarm.get", "{\"swarmId\":\"late\"}").equals("UNAVAILABLE"));
    String different = "{\"id\":\"late\",\"objective\":\"y\"}";
    await("an answer", SOON, () -> !code("swarm.create", different).equals("UNAVAILABLE"));
    assertThat(code("swarm.create", different)).isEqualTo("ALREADY_EXISTS");
    assertThat(client.ok("swarm.create", CREATE).has("key")).isTrue();
    assertThat(code("swarm.create", CREATE)).isEqualTo("ALREADY_EXISTS");
  }

  private void createUnheard() {
    network.dropRepliesFrom("late");
    assertThat(code("swarm.create", CREATE)).isEqualTo("UNAVAILABLE");
    await("it to be registered", SOON, () -> witnessed().equals(""));
    network.heal();
  }

  private boolean succeeds(AtomicReference<JsonNode> created) {
    JsonNode answer = client.call("swarm.create", CREATE).join();
    if (answer.has("error")) {
      assertThat(answer.at("/error/data/name").asString()).isEqualTo("UNAVAILABLE");
      return false;
    }
    created.set(answer.get("result"));
    return true;
  }

  private String witnessed() {
    return name(witness.call("swarm.get", "{\"swarmId\":\"late\"}").join());
  }

  private String code(String method, String params) {
    return name(client.call(method, params).join());
  }

  private static String name(JsonNode answer) {
    return answer.at("/error/data/name").asString("");
  }
}
