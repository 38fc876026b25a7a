package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RespClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class MainIT {

  private static final Map<String, String> ANY_PORT = Map.of("PORT", "0");

  @TempDir private Path directory;

  private static Object call(String url, String... command) {
    try (RespClient client = RespClient.connect(URI.create(url))) {
      return client.call(command);
    }
  }

  private ProcessHandle redisProcess() throws Exception {
    String pid = Files.readString(directory.resolve("data/redis.pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  @Test
  void server_withoutConfiguration_runsARedisInTheDefaultDirectory() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, ANY_PORT)) {
      assertThat(call(server.awaitRedisUrl(), "PING")).isEqualTo("PONG");
      assertThat(directory.resolve("data/appendonlydir")).isDirectory();
      assertThat(server.err()).isEmpty();
      assertThat(server.out()).filteredOn(line -> line.contains("Configuration:")).hasSize(1);
    }
  }

  @Test
  void server_toldToStop_stopsItsRedisAndReturnsZero() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, ANY_PORT)) {
      call(server.awaitRedisUrl(), "SET", "k", "v");
      ProcessHandle redis = redisProcess();

      server.terminate();

      assertThat(server.awaitExit()).isZero();
      assertThat(redis.isAlive()).isFalse();
      assertThat(directory.resolve("data/redis.pid")).doesNotExist();
    }
    try (ServerProcess again = ServerProcess.start(directory, ANY_PORT)) {
      assertThat(call(again.awaitRedisUrl(), "GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void server_killedThreeTimes_keepsItsDataAndLeavesOneRedis() throws Exception {
    for (int round = 0; round < 3; round++) {
      ServerProcess server = ServerProcess.start(directory, ANY_PORT);
      String url = server.awaitRedisUrl();
      assertThat(call(url, "INCR", "rounds")).isEqualTo(round + 1L);
      server.kill();
    }
    ProcessHandle leftOver = redisProcess();

    try (ServerProcess last = ServerProcess.start(directory, ANY_PORT)) {
      assertThat(call(last.awaitRedisUrl(), "GET", "rounds")).isEqualTo("3");
      assertThat(leftOver.isAlive()).isFalse();
    }
  }

  @Test
  void server_killedDuringItsStart_doesNotHinderTheNext() throws Exception {
    ServerProcess killed = ServerProcess.start(directory, ANY_PORT);
    Path pidFile = directory.resolve("data/redis.pid");
    Await.await("a redis-server", Duration.ofSeconds(30), () -> Files.exists(pidFile));
    killed.kill();

    try (ServerProcess next = ServerProcess.start(directory, ANY_PORT)) {
      assertThat(call(next.awaitRedisUrl(), "PING")).isEqualTo("PONG");
    }
  }

  @Test
  void server_onTheDirectoryOfAnother_isRefusedInOneLine() throws Exception {
    try (ServerProcess first = ServerProcess.start(directory, ANY_PORT)) {
      String url = first.awaitRedisUrl();

      ServerProcess second = ServerProcess.start(directory, ANY_PORT);

      assertThat(second.awaitExit()).isEqualTo(1);
      Await.await("its message", Duration.ofSeconds(30), () -> !second.err().isEmpty());
      assertThat(second.err()).singleElement().asString().contains("in use by another coordinator");
      assertThat(call(url, "PING")).isEqualTo("PONG");
    }
  }

  @Test
  void server_withAWrongSetting_isRefusedInOneLine() throws Exception {
    ServerProcess server = ServerProcess.start(directory, Map.of("LEADER_LEASE", "2s"));

    assertThat(server.awaitExit()).isEqualTo(2);
    Await.await("its message", Duration.ofSeconds(30), () -> !server.err().isEmpty());
    assertThat(server.err()).singleElement().asString().contains("LEADER_LEASE (2s)");
    assertThat(server.out()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void server_onATakenPort_isRefusedInOneLineAndStopsItsRedis() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());

      ServerProcess server = ServerProcess.start(directory, Map.of("PORT", port));

      assertThat(server.awaitExit()).isEqualTo(1);
      Await.await("its message", Duration.ofSeconds(30), () -> !server.err().isEmpty());
      assertThat(server.err()).singleElement().asString().contains("cannot listen", port, "--port");
      assertThat(directory.resolve("data/redis.pid")).doesNotExist();
    }
  }

  @Test
  void swarm_afterAKillOfTheServer_isThereAgain() throws Exception {
    ServerProcess first = ServerProcess.start(directory, ANY_PORT);
    JsonNode created;
    try (JsonClient client = JsonClient.connect(first.awaitPort())) {
      created = client.ok("swarm.create", "{\"id\":\"s1\",\"objective\":\"survive\"}");
      first.kill();
    }

    try (ServerProcess second = ServerProcess.start(directory, ANY_PORT);
        JsonClient client = JsonClient.connect(second.awaitPort())) {
      JsonNode attached =
          client.ok(
              "swarm.attach",
              "{\"swarmId\":\"s1\",\"key\":\"" + created.get("key").asString() + "\"}");
      assertThat(attached.at("/swarm/objective").asString()).isEqualTo("survive");
    }
  }

  @Test
  void server_toldToStop_tellsItsClients() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, ANY_PORT)) {
      JsonClient client = JsonClient.connect(server.awaitPort());
      client.ok("swarm.create", "{\"objective\":\"o\"}");

      server.terminate();

      assertThat(client.closeCode()).isEqualTo(4001);
      assertThat(server.awaitExit()).isZero();
      assertThat(server.out()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
      server.awaitLine(" INFO  Main: Stopping: clients are told to go to another node$");
      server.awaitLine(" INFO  Main: Stopped after \\d+ ms$");
    }
  }

  @Test
  void server_withALogForPrograms_writesNothingButObjects() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(directory, Map.of("PORT", "0", "LOG_FORMAT", "json"))) {
      server.awaitLine("\"formattedMessage\":\"multiswarm coordinator .* listening on ");

      server.terminate();

      assertThat(server.awaitExit()).isZero();
      server.awaitLine("\"formattedMessage\":\"Stopped after \\d+ ms\"");
      assertThat(server.out())
          .allSatisfy(line -> assertThat(Json.parse(line).members()).containsKey("level"));
    }
  }
}
