/**
 * A client of the wire protocol, for the programs of this jar that talk to a server: receives
 * calls, gives answers and what the server says without being asked.
 *
 * <p>One connection, no reconnection: what becomes of a call whose connection is lost is for the
 * caller to decide. Drops nothing: a connection whose notifications nobody reads is ended.
 */
@NullMarked
package io.multiswarm.server.client;

import org.jspecify.annotations.NullMarked;
