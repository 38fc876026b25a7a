package io.multiswarm.load.floods;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The floods that are played, each some times the size of one that once made a node run out. */
final class FloodKinds {

  /** The swarm whose submissions are watched, and whose channel has a history to be read. */
  static final String VICTIM = "flood-victim";

  private static final int MEGABYTE = 1 << 20;
  private static final int PING = 125;
  private static final int NAMES = 100_000;
  private static final int BATCH = 100;
  private static final int LARGE = 900_000;

  /** Where they are limited; the quiet client is no louder than half of the latter. */
  private static final int CONNECTIONS = 100;

  private static final int MESSAGES_A_SECOND = 200;
  private static final int TALKERS = 2;

  private static final String HISTORY =
      Frames.call("channel.history", "{\"channel\":\"swarm:" + VICTIM + "\",\"limit\":1000}");

  private static final IntFunction<List<ByteBuf>> NOTHING = same();
  private static final IntFunction<List<ByteBuf>> OPEN = same(Frames.open());

  private final int times;

  FloodKinds(int times) {
    this.times = times;
  }

  /** Those whose names begin with one of these; with none all. */
  List<Flood> named(List<String> beginnings) {
    List<Flood> named =
        all().stream()
            .filter(
                flood ->
                    beginnings.isEmpty() || beginnings.stream().anyMatch(flood.name()::startsWith))
            .toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no flood like %s; there are %s"
              .formatted(beginnings, all().stream().map(Flood::name).toList()));
    }
    return named;
  }

  private List<Flood> all() {
    return List.of(
        flood("pings without a session", 2, false, NOTHING, same(Frames.ping(PING))),
        flood("pings in a session", 2, false, OPEN, same(Frames.ping(PING))),
        flood("half messages without a session", 150, true, same(half()), NOTHING),
        flood("half messages in a session", 150, true, same(Frames.open(), half()), NOTHING),
        flood("watchers that do not read", 80, false, watcher(), NOTHING),
        flood("batches of histories", 1, false, OPEN, same(batchOfHistories())),
        flood("batches of histories that are read", 1, true, OPEN, same(batchOfHistories())),
        flood("histories", 1, false, OPEN, same(Frames.text(HISTORY))),
        flood("histories that are read", 1, true, OPEN, same(Frames.text(HISTORY))),
        flood("viewers of statistics", 30, true, viewer(), NOTHING),
        flood("thousands of names", 1, true, owner("names"), names("names")),
        flood("large requests", 8, false, owner("large"), large("large")),
        flood("large requests, and answers are read", 8, true, owner("read"), large("read")),
        overTheLimits());
  }

  /**
   * Twice the connections that are allowed, some of which send messages as fast as they can, which
   * is far more than ten times what is allowed; and as many handshakes that are never ended.
   */
  private Flood overTheLimits() {
    int connections = CONNECTIONS * times;
    List<ByteBuf> ping = List.of(Frames.text(Frames.call("session.ping", "{}")));
    return new Flood(
        "everything over its limit at once",
        3 * connections,
        true,
        OPEN,
        socket -> socket < TALKERS * times ? ping : List.of(),
        connections,
        List.of(
            "--max-connections=" + connections,
            "--max-connections-per-address=" + connections,
            "--rate-messages=" + MESSAGES_A_SECOND));
  }

  private Flood flood(
      String name,
      int sockets,
      boolean reads,
      IntFunction<List<ByteBuf>> first,
      IntFunction<List<ByteBuf>> then) {
    return new Flood(name, sockets * times, reads, first, then);
  }

  private static IntFunction<List<ByteBuf>> same(ByteBuf... frames) {
    List<ByteBuf> all = List.of(frames);
    return socket -> all;
  }

  private static ByteBuf half() {
    return Frames.beginning(MEGABYTE, MEGABYTE / 2);
  }

  private static IntFunction<List<ByteBuf>> watcher() {
    return same(
        Frames.open(),
        Frames.text(Frames.call("task.watch", "{\"from\":\"" + VICTIM + "\"}")),
        Frames.text(Frames.call("channel.subscribe", "{\"channel\":\"swarm:" + VICTIM + "\"}")));
  }

  private static ByteBuf batchOfHistories() {
    return Frames.text("[" + String.join(",", Collections.nCopies(BATCH, HISTORY)) + "]");
  }

  private static IntFunction<List<ByteBuf>> viewer() {
    return same(Frames.open(), Frames.text(Frames.call("stats.subscribe", "{\"intervalMs\":100}")));
  }

  /** Each socket has a swarm of its own to act for. */
  private static IntFunction<List<ByteBuf>> owner(String flood) {
    return socket ->
        List.of(
            Frames.open(),
            Frames.text(
                Frames.call(
                    "swarm.create",
                    "{\"id\":\"" + swarm(flood, socket) + "\",\"objective\":\"flood\"}")));
  }

  private static String swarm(String flood, int socket) {
    return "flood-" + flood + "-" + socket;
  }

  private static IntFunction<List<ByteBuf>> names(String flood) {
    byte[] names =
        IntStream.range(0, NAMES)
            .mapToObj(i -> "\"" + Integer.toString(i, Character.MAX_RADIX) + "\":1")
            .collect(Collectors.joining(",", "{", "}"))
            .getBytes(StandardCharsets.US_ASCII);
    return socket ->
        List.of(
            large(
                "resource.allocate",
                "{\"swarmId\":\"" + swarm(flood, socket) + "\",\"resources\":",
                names));
  }

  /** What is as large as it may be: said, kept, and to be done. */
  private static IntFunction<List<ByteBuf>> large(String flood) {
    byte[] text = ("\"" + "x".repeat(LARGE) + "\"").getBytes(StandardCharsets.US_ASCII);
    byte[] state = ("{\"a\":\"" + "x".repeat(LARGE) + "\"}").getBytes(StandardCharsets.US_ASCII);
    byte[] task =
        ("{\"description\":\"" + "x".repeat(LARGE) + "\",\"capabilities\":[\"none\"]}")
            .getBytes(StandardCharsets.US_ASCII);
    return socket -> {
      String from = "{\"from\":\"" + swarm(flood, socket) + "\",";
      String own = "{\"swarmId\":\"" + swarm(flood, socket) + "\",";
      return List.of(
          large("message.broadcast", from + "\"type\":\"t\",\"data\":", text),
          large("state.save", own + "\"state\":", state),
          large("task.submit", from + "\"task\":", task));
    };
  }

  /** A request whose parameters end with what is large. */
  private static ByteBuf large(String method, String beginning, byte[] value) {
    String call = Frames.call(method, beginning);
    return Frames.text(call.substring(0, call.length() - 1), value, "}}");
  }
}
