package io.multiswarm.load.floods;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What many sockets do at the same time. Frames are given for the number of a socket, the first
 * being 0.
 *
 * @param sockets how many
 * @param reads whether they read what they are sent; the first does in any case, and tells how the
 *     server takes it
 * @param first frames that each sends once, after the handshake
 * @param then frames that each sends in turn as fast as the server takes them; none: no more
 * @param halfOpen how many of the sockets, the last ones, begin a handshake and leave it at that
 * @param flags of the server that is flooded, and of the one that is not
 */
record Flood(
    String name,
    int sockets,
    boolean reads,
    IntFunction<List<ByteBuf>> first,
    IntFunction<List<ByteBuf>> then,
    int halfOpen,
    List<String> flags) {

  Flood {
    flags = List.copyOf(flags);
  }

  /** Of a server with the flags that all have. */
  Flood(
      String name,
      int sockets,
      boolean reads,
      IntFunction<List<ByteBuf>> first,
      IntFunction<List<ByteBuf>> then) {
    this(name, sockets, reads, first, then, 0, List.of());
  }

  boolean isHalfOpen(int socket) {
    return socket >= sockets - halfOpen;
  }

  boolean reads(int socket) {
    return reads || socket == 0;
  }
}
