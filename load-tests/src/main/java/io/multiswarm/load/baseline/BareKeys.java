package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names that the bare queue has in Redis; its scripts tell what each holds.
 *
 * @param prefix that no other run has
 */
record BareKeys(String prefix) {

  byte[] records() {
    return bytes("records");
  }

  byte[] specs() {
    return bytes("specs");
  }

  byte[] pending() {
    return bytes("pending");
  }

  byte[] assigned() {
    return bytes("assigned");
  }

  /** The stream, and the channel. */
  byte[] events() {
    return bytes("events");
  }

  /** What a swarm was given. */
  byte[] history(int swarm) {
    return bytes("history:" + swarm);
  }

  /** On which a swarm is given tasks. */
  byte[] channel(int swarm) {
    return bytes("to:" + swarm);
  }

  /** That of all channels of swarms. */
  byte[] channels() {
    return bytes("to:*");
  }

  /** The swarm whose channel that is. */
  int swarmOf(byte[] channel) {
    return Integer.parseInt(
        new String(channel, US_ASCII), prefix.length() + "to:".length(), channel.length, 10);
  }

  /** Everything that stays in Redis when nothing removes it. */
  List<byte[]> stored(int swarms) {
    return Stream.concat(
            Stream.of(records(), specs(), pending(), assigned(), events()),
            IntStream.range(0, swarms).mapToObj(this::history))
        .toList();
  }

  private byte[] bytes(String name) {
    return (prefix + name).getBytes(US_ASCII);
  }
}
