/**
 * The wire protocol's text: JSON-RPC 2.0 in and out.
 *
 * <p>Receives the bytes of one text message, gives a {@link io.multiswarm.server.protocol.Frame}:
 * requests whose parameters are slices of those bytes. Gives back the bytes of answers and
 * notifications, with users' JSON spliced in as it came. The only package that knows Jackson; it
 * drops nothing and knows neither sockets nor sessions.
 */
@NullMarked
package io.multiswarm.server.protocol;

import org.jspecify.annotations.NullMarked;
