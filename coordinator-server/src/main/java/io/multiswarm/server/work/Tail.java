package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The last bytes of an output. */
final class Tail {

  private final byte[] ring;
  private long written;

  Tail(int size) {
    ring = new byte[size];
  }

  synchronized void add(byte[] bytes, int length) {
    int kept = Math.min(length, ring.length);
    for (int i = length - kept; i < length; i++) {
      ring[(int) ((written + i) % ring.length)] = bytes[i];
    }
    written += length;
  }

  /** How many bytes went by in all. */
  synchronized long written() {
    return written;
  }

  synchronized byte[] bytes() {
    int kept = (int) Math.min(written, ring.length);
    byte[] bytes = new byte[kept];
    for (int i = 0; i < kept; i++) {
      bytes[i] = ring[(int) ((written - kept + i) % ring.length)];
    }
    return bytes;
  }

  /** As text; what is cut in two at its beginning, or is no UTF-8, reads as U+FFFD. */
  String text() {
    return new String(bytes(), UTF_8);
  }
}
