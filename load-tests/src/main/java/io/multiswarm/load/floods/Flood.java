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
 */
record Flood(
    String name,
    int sockets,
    boolean reads,
    IntFunction<List<ByteBuf>> first,
    IntFunction<List<ByteBuf>> then) {

  boolean reads(int socket) {
    return reads || socket == 0;
  }
}
