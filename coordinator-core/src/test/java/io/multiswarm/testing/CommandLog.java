package io.multiswarm.testing;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What clients send to Redis (MONITOR), to count round trips: {@code try (CommandLog log =
 * redis.commandLog()) { …; assertThat(log.sent()).hasSize(1); }}
 *
 * <p>Holds the commands of all clients but the {@link TestRedis} it is of, and not those that run
 * inside scripts. For a server that others use as well, look for the fleet in them.
 */
public final class CommandLog implements AutoCloseable {

  private final TestRedis redis;
  private final RespClient monitor;

  CommandLog(TestRedis redis) {
    this.redis = redis;
    this.monitor = RespClient.connect(URI.create(redis.uri()));
    monitor.call("MONITOR");
  }

  /**
   * Those since the last call, in Redis's order, each as {@code "EVALSHA" "9f…" "1"
   * "t12ab:swarm:s1"}.
   */
  public List<String> sent() {
    String mark = UUID.randomUUID().toString();
    redis.cli("ECHO", mark);
    List<String> lines = new ArrayList<>();
    String line = next();
    for (; !line.contains(mark); line = next()) {
      lines.add(line);
    }
    // The mark tells how Redis sees our own client: behind a container's port, not by the address
    // that we know.
    String own = client(line);
    return lines.stream()
        .filter(sent -> !client(sent).equals(own) && !client(sent).endsWith(" lua]"))
        .map(sent -> sent.substring(sent.indexOf(']') + 2))
        .toList();
  }

  /** Of {@code 1339518083.107412 [0 127.0.0.1:60866] "GET" "k"} what stands in brackets. */
  private static String client(String line) {
    return line.substring(line.indexOf('['), line.indexOf(']') + 1);
  }

  private String next() {
    return String.valueOf(monitor.receive());
  }

  @Override
  public void close() {
    monitor.close();
  }
}
