/**
 * Who calls, and what they may do.
 *
 * <p>Receives tokens, from handshakes and calls, and gives {@link
 * io.multiswarm.server.auth.AccessGrant grants}; receives a method's name, a principal and
 * parameters, and lets the call pass or refuses it. {@link io.multiswarm.server.auth.Rights} is the
 * one table of what every method takes: nothing is allowed that it does not allow. Knows neither
 * sockets nor Redis, and keeps no token.
 */
@NullMarked
package io.multiswarm.server.auth;

import org.jspecify.annotations.NullMarked;
