/**
 * The HTTP server: its event loops and limits, and what is answered beside the WebSocket: health,
 * readiness, metrics, the description of the protocol, the dashboard and the clients to copy.
 *
 * <p>Receives requests, hands those for the WebSocket to {@link io.multiswarm.server.websocket},
 * answers the others at once.
 */
@NullMarked
package io.multiswarm.server.http;

import org.jspecify.annotations.NullMarked;
