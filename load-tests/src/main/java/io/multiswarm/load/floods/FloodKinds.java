package io.multiswarm.load.floods;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The floods that are played, each some times the size of one that once made a node run out. */
final class FloodKinds {

  /** The swarm whose submissions are watched, and whose channel has a history to be read. */
  static final String VICTIM = "flood-victim";

  private static final int MEGABYTE = 1 << 20;
  private static final int PING = 125;
  private static final int NAMES = 20_000;
  private static final int BATCH = 100;

  private final int times;

  FloodKinds(int times) {
    this.times = times;
  }

  List<Flood> all() {
    return List.of(
        new Flood("pings without a session", 2 * times, false, List.of(), pings()),
        new Flood("pings in a session", 2 * times, false, List.of(Frames.open()), pings()),
        new Flood("half messages without a session", 150 * times, true, List.of(half()), List.of()),
        new Flood(
            "half messages in a session",
            150 * times,
            true,
            List.of(Frames.open(), half()),
            List.of()),
        new Flood("watchers that do not read", 80 * times, false, watcher(), List.of()),
        new Flood("batches of histories", times, false, List.of(Frames.open()), histories()),
        new Flood(
            "batches of histories that are read", times, true, List.of(Frames.open()), histories()),
        new Flood("viewers of statistics", 30 * times, true, viewer(), List.of()),
        new Flood("thousands of names", times, true, List.of(Frames.open()), names()),
        new Flood("large requests", 8 * times, false, List.of(Frames.open()), large()));
  }

  private static List<byte[]> pings() {
    return List.of(Frames.ping(PING));
  }

  private static byte[] half() {
    return Frames.beginning(MEGABYTE, MEGABYTE / 2);
  }

  private static List<byte[]> watcher() {
    return List.of(
        Frames.open(),
        Frames.text(Frames.call("task.watch", "{\"from\":\"" + VICTIM + "\"}")),
        Frames.text(Frames.call("channel.subscribe", "{\"channel\":\"swarm:" + VICTIM + "\"}")));
  }

  private static List<byte[]> histories() {
    String one =
        Frames.call("channel.history", "{\"channel\":\"swarm:" + VICTIM + "\",\"limit\":1000}");
    return List.of(
        Frames.text(
            IntStream.range(0, BATCH)
                .mapToObj(any -> one)
                .collect(Collectors.joining(",", "[", "]"))));
  }

  private static List<byte[]> viewer() {
    return List.of(
        Frames.open(), Frames.text(Frames.call("stats.subscribe", "{\"intervalMs\":100}")));
  }

  private static List<byte[]> names() {
    String names =
        IntStream.range(0, NAMES)
            .mapToObj(i -> "\"name-" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    return List.of(
        Frames.text(
            Frames.call(
                "resource.allocate",
                "{\"swarmId\":\"" + VICTIM + "\",\"resources\":" + names + "}")));
  }

  private static List<byte[]> large() {
    String data = "\"" + "x".repeat(900_000) + "\"";
    return List.of(
        Frames.text(
            Frames.call(
                "message.broadcast",
                "{\"from\":\"" + VICTIM + "\",\"type\":\"t\",\"data\":" + data + "}")));
  }
}
