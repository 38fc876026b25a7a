package io.multiswarm.server.websocket;

import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.Dispatcher;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Peer;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.session.SwarmCustody;

/**
 * Makes the session of each connection.
 *
 * @param limits of each session
 */
public record SessionFactory(
    SessionDirectory directory, SwarmCustody custody, Limits limits, MethodTable methods) {

  Session begin(Peer peer, Client client) {
    return directory.begin(peer, client, limits, custody);
  }

  Dispatcher dispatcher(Session session) {
    return new Dispatcher(session, methods);
  }
}
