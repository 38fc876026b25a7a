package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What submitters are told while Redis is away. */
@RedisTest
class SubmissionsWithoutRedisIT {

  private RedisProxy network;
  private TestServer server;
  private JsonClient client;

  @BeforeEach
  void start(TestRedis redis) {
    network = RedisProxy.before(redis);
    server = TestServer.startBehind(network, redis, CoordinationOptions.defaults());
    client = server.connect();
  }

  @AfterEach
  void stop() {
    client.crash();
    server.close();
    network.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"description\":\"one\"},{\"description\":\"two\"}]",
        "[{\"description\":\"one\"},{\"description\":5}]",
      })
  void batch_ofWhichNothingIsTaken_isRefusedAsAWhole(String tasks) {
    network.refuse();

    JsonNode error = client.error("task.submitBatch", "{\"tasks\":" + tasks + "}");

    assertThat(error.at("/data/name").asString()).isEqualTo("UNAVAILABLE");
    assertThat(error.at("/data/retryable").asBoolean()).isTrue();
    assertThat(error.at("/data/retryAfterMs").asLong()).isPositive();
  }
}
