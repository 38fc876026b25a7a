package io.multiswarm.testing;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A test's view of a running Redis: its address, a fleet of the test's own, and a client that is
 * not Lettuce.
 *
 * <p>A parameter of tests with {@link RedisTest}. Commands go through one plain connection of this
 * object; it is not for several threads at once.
 */
public class TestRedis {

  private static final AtomicLong FLEETS =
      new AtomicLong(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36));

  private final RedisServer server;
  private final RedisUser user;
  private final String fleet = "t" + Long.toString(FLEETS.getAndIncrement(), Character.MAX_RADIX);
  private @Nullable RespClient client;

  TestRedis(RedisServer server, RedisUser user) {
    this.server = server;
    this.user = user;
  }

  /**
   * {@code redis://127.0.0.1:port}, as Lettuce's {@code RedisURI.create} takes it; with the name
   * and the password of the test's user, if that is not the default one.
   */
  public String uri() {
    return user.in(server.uri()).toString();
  }

  /** As in {@link #uri()}. */
  public String host() {
    return server.uri().getHost();
  }

  /** As in {@link #uri()}. */
  public int port() {
    return server.uri().getPort() < 0 ? 6379 : server.uri().getPort();
  }

  /**
   * A short name that no other test has, such as {@code t12ab}: begin keys and channels with it.
   */
  public String fleet() {
    return fleet;
  }

  /**
   * Runs one command: {@code cli("HGETALL", key)}.
   *
   * @return String, Long, List or null, as Redis replied
   * @throws RespClient.ErrorReply if it replied with an error
   */
  public @Nullable Object cli(String... command) {
    RespClient connected = connected();
    try {
      return connected.call(command);
    } catch (UncheckedIOException e) {
      disconnect();
      throw e;
    }
  }

  /** {@link #cli} for commands that reply with a string or nothing. */
  public @Nullable String text(String... command) {
    return (String) cli(command);
  }

  /** {@link #cli} for commands that reply with a number. */
  public long number(String... command) {
    return cli(command) instanceof Long number ? number : -1;
  }

  /** {@link #cli} for commands that reply with a list of strings. */
  @SuppressWarnings("unchecked")
  public List<String> list(String... command) {
    return cli(command) instanceof List<?> list ? (List<String>) list : List.of();
  }

  /** Redis's clock, in ms. */
  public long millis() {
    List<String> time = list("TIME");
    return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
  }

  /**
   * Sets a setting of this server, as in {@code config("maxmemory", "10mb")}; set it back if the
   * server is shared.
   */
  public void config(String name, String value) {
    cli("CONFIG", "SET", name, value);
  }

  /** Removes all keys of all tests, and all scripts. Aborts the test where Redis isn't ours. */
  public void flushAll() {
    Assumptions.assumeTrue(
        server instanceof RedisServer.Owned, "an external Redis is not ours to flush");
    cli("FLUSHALL");
    cli("SCRIPT", "FLUSH");
  }

  /**
   * Cuts all connections of one type but this object's own.
   *
   * @param type normal, pubsub, replica or master
   * @return how many
   */
  public long killClients(String type) {
    return number("CLIENT", "KILL", "TYPE", type);
  }

  /**
   * How often each command was run since the server started, by its name, those inside scripts too:
   * {@code evalsha → 3}.
   */
  public Map<String, Long> commandCounts() {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : String.valueOf(text("INFO", "commandstats")).split("\r\n")) {
      if (line.startsWith("cmdstat_")) {
        String name = line.substring("cmdstat_".length(), line.indexOf(':'));
        String calls =
            line.substring(line.indexOf("calls=") + "calls=".length(), line.indexOf(','));
        counts.put(name, Long.valueOf(calls));
      }
    }
    return counts;
  }

  /** All of {@link #commandCounts()} but INFO, which it asks itself. */
  public long commandCount() {
    return commandCounts().entrySet().stream()
        .filter(count -> !count.getKey().equals("info"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Begins to note what clients send. */
  public CommandLog commandLog() {
    return new CommandLog(this);
  }

  private RespClient connected() {
    RespClient connected = client;
    if (connected == null) {
      connected = RespClient.connect(server.uri());
      client = connected;
    }
    return connected;
  }

  /** Removes what the fleet stored: on a server that outlives the test. */
  void removeFleet() {
    String cursor = "0";
    do {
      List<?> page = (List<?>) cli("SCAN", cursor, "MATCH", "*" + fleet + "*", "COUNT", "1000");
      cursor = (String) page.get(0);
      for (Object key : (List<?>) page.get(1)) {
        cli("UNLINK", (String) key);
      }
    } while (!cursor.equals("0"));
  }

  /** Closes the plain connection; the next command opens another. */
  final void disconnect() {
    RespClient connected = client;
    client = null;
    if (connected != null) {
      connected.close();
    }
  }
}
