/**
 * The WebSocket endpoint over Reactor Netty.
 *
 * <p>Receives frames from sockets, gives whole UTF-8 text messages to the session; takes the
 * session's answers and pulls its notifications whenever the socket can take one. What a client
 * does not read stays where it is: at most the write buffer's high-water mark and one message lie
 * here. May drop nothing; closes instead.
 */
@NullMarked
package io.multiswarm.server.websocket;

import org.jspecify.annotations.NullMarked;
