/**
 * The scenario {@code messages}: messages between swarms over a transport (a WebSocket server, or
 * bare Redis to compare with), each of them timed from its intended sending and checked for loss,
 * repetition and order.
 */
@NullMarked
package io.multiswarm.load.messages;

import org.jspecify.annotations.NullMarked;
