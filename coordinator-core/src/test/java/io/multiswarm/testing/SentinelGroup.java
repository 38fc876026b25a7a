package io.multiswarm.testing;

import io.multiswarm.testing.ForkedRedis.Program;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A master, its replicas and three Sentinels that find the master down after a second. */
public final class SentinelGroup implements AutoCloseable {

  public static final String NAME = "mymaster";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Each of the three Sentinels may cut a server's connections, once at each change of a role. */
  private static final int MAX_CUTS = 6;

  private final List<ForkedRedis> servers = new ArrayList<>();
  private final List<ForkedRedis> sentinels = new ArrayList<>();

  private SentinelGroup() {}

  /**
   * With one replica.
   *
   * @param password of the Sentinels; empty for none
   * @param settings of all servers
   */
  public static SentinelGroup launch(String password, String... settings) {
    return launch(1, password, settings);
  }

  /** As the other, with any number of replicas. */
  public static SentinelGroup launch(int replicas, String password, String... settings) {
    SentinelGroup group = new SentinelGroup();
    try {
      List<String> common = new ArrayList<>(List.of("save \"\"", "repl-diskless-sync-delay 0"));
      common.addAll(List.of(settings));
      ForkedRedis master = ForkedRedis.launch(Program.SERVER, port -> common);
      group.servers.add(master);
      List<String> replica = new ArrayList<>(common);
      replica.add("replicaof 127.0.0.1 " + port(master));
      for (int i = 0; i < replicas; i++) {
        group.servers.add(ForkedRedis.launch(Program.SERVER, port -> replica));
      }
      Await.await(
          "the replicas", PATIENCE, () -> group.info(0).split("state=online").length > replicas);
      for (int i = 0; i < 3; i++) {
        group.sentinels.add(
            ForkedRedis.launch(Program.SENTINEL, port -> sentinel(port(master), password)));
      }
      for (ForkedRedis sentinel : group.sentinels) {
        Await.await(
            "Sentinels that know each other", PATIENCE, () -> group.knowsAll(sentinel, password));
      }
      return group;
    } catch (RuntimeException | Error e) {
      group.close();
      throw e;
    }
  }

  private static List<String> sentinel(int master, String password) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "sentinel monitor " + NAME + " 127.0.0.1 " + master + " 2",
                "sentinel down-after-milliseconds " + NAME + " 1000",
                "sentinel failover-timeout " + NAME + " 5000"));
    if (!password.isEmpty()) {
      lines.add("requirepass " + password);
      lines.add("sentinel sentinel-pass " + password);
    }
    return lines;
  }

  private boolean knowsAll(ForkedRedis sentinel, String password) {
    List<?> facts = (List<?>) ask(sentinel, password, "SENTINEL", "MASTER", NAME);
    int others = facts.indexOf("num-other-sentinels");
    int replicas = facts.indexOf("num-slaves");
    return facts.get(others + 1).equals("2")
        && facts.get(replicas + 1).equals(String.valueOf(servers.size() - 1));
  }

  /** A failover by hand. */
  public void failOver(String password) {
    ask(sentinels.get(0), password, "SENTINEL", "FAILOVER", NAME);
  }

  private static Object ask(ForkedRedis server, String password, String... command) {
    URI uri = server.uri();
    try (RespClient client = RespClient.connect(uri)) {
      if (!password.isEmpty()) {
        client.call("AUTH", password);
      }
      return client.call(command);
    }
  }

  /**
   * Asks the server that was the master, or that was the replica, at the beginning. Who is asked
   * while a Sentinel gives it another role cuts its connections, and is asked again.
   */
  public Object call(int server, String... command) {
    for (int cuts = 0; ; cuts++) {
      try {
        return ask(servers.get(server), "", command);
      } catch (UncheckedIOException cut) {
        if (cuts == MAX_CUTS) {
          throw cut;
        }
      }
    }
  }

  private String info(int server) {
    return (String) call(server, "INFO", "replication");
  }

  public boolean isMaster(int server) {
    return info(server).contains("role:master");
  }

  public void pause(int server) {
    servers.get(server).pause();
  }

  public void resume(int server) {
    servers.get(server).resume();
  }

  private static int port(ForkedRedis server) {
    return server.uri().getPort();
  }

  /** {@code redis-sentinel://…#mymaster}. */
  public String uri() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + port(sentinel))
        .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
  }

  @Override
  public void close() {
    sentinels.forEach(ForkedRedis::close);
    servers.forEach(ForkedRedis::close);
  }
}
