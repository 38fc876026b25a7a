/**
 * Tasks and messages beside what people use for them, on one machine in one run: programs of Node
 * drive BullMQ, JetStream and socket.io, the other scenarios drive ours.
 */
@NullMarked
package io.multiswarm.load.peers;

import org.jspecify.annotations.NullMarked;
