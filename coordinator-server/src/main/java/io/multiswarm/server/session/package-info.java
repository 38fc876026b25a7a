/**
 * One connection's state, between the protocol's text and the methods.
 *
 * <p>Receives the text messages of a connection, begins their calls in order, sends the answers,
 * and gives the connection its notifications when it asks for them: they are pulled, so a
 * connection that does not read keeps nothing here. Knows neither Netty nor Redis. What belongs to
 * one session is used on its connection's thread only, see {@link
 * io.multiswarm.server.session.Peer#execute}.
 */
@NullMarked
package io.multiswarm.server.session;

import org.jspecify.annotations.NullMarked;
