package io.multiswarm.load.floods;

import java.util.List;

/**
 * What many sockets do at the same time.
 *
 * @param sockets how many
 * @param reads whether they read what they are sent
 * @param first frames that each sends once, after the handshake
 * @param then frames that each sends in turn as fast as the server takes them; none: no more
 */
record Flood(String name, int sockets, boolean reads, List<byte[]> first, List<byte[]> then) {}
