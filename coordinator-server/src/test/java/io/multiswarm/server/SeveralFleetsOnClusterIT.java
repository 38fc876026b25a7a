package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.testing.ClusterGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One process uses several shards of a cluster, each for the fleets whose slots it has. */
class SeveralFleetsOnClusterIT {

  private static final int MASTERS = 3;

  /** A name for each master, by the slot that it falls into. */
  private static List<String> oneOfEach(ClusterGroup redis) {
    List<String> names = new ArrayList<>();
    for (int i = 0; names.size() < MASTERS; i++) {
      String name = "fleet-" + i;
      if (owner(redis, name) == names.size()) {
        names.add(name);
      }
    }
    return names;
  }

  private static int owner(ClusterGroup redis, String fleet) {
    long slot = (Long) redis.call(0, "CLUSTER", "KEYSLOT", "{" + fleet + "}");
    return ClusterGroup.ownerAtFirst((int) slot);
  }

  private static List<?> keys(ClusterGroup redis, int node, String fleet) {
    return (List<?>) redis.call(node, "KEYS", "{" + fleet + "}:*");
  }

  @Test
  void fleets_inSlotsOfThreeMasters_areAtTheirOwnersInOneProcess() {
    try (ClusterGroup redis = ClusterGroup.launch(0)) {
      List<String> fleets = oneOfEach(redis);
      try (TestServer server =
          TestServer.several(redis.uri(0), ServerConfig.Security.NONE, fleets)) {
        for (String fleet : fleets) {
          try (JsonClient client = JsonClient.connectOnly(server.port())) {
            client.ok("session.open", "{\"protocol\":1,\"fleet\":\"" + fleet + "\"}");
            client.ok("swarm.create", "{\"id\":\"one\",\"objective\":\"o\"}");
            client.ok(
                "task.submit",
                "{\"from\":\"one\",\"task\":{\"id\":\"t\",\"description\":\"of %s\"}}"
                    .formatted(fleet));

            assertThat(client.ok("task.get", "{\"taskId\":\"t\"}").toString())
                .contains("of " + fleet);
            assertThat(client.ok("swarm.list", "{}").get("swarms")).hasSize(1);
          }
        }
        IntStream.range(0, MASTERS)
            .forEach(
                owner -> {
                  String fleet = fleets.get(owner);
                  for (int node = 0; node < MASTERS; node++) {
                    assertThat(keys(redis, node, fleet).isEmpty())
                        .as("whether node %d has nothing of %s", node, fleet)
                        .isEqualTo(node != owner);
                  }
                });
      }
    }
  }
}
