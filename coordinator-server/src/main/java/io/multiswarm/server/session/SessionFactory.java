package io.multiswarm.server.session;

import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;

/**
 * Makes the session of each connection.
 *
 * @param limits of each session
 * @param fleets that one may open
 */
public record SessionFactory(SessionDirectory directory, Limits limits, Fleets fleets) {

  public Session begin(Peer peer, Client client) {
    return directory.begin(peer, client, limits, fleets);
  }

  /** Where a client is who leaves it to the handshake; refuses as {@code session.open} does. */
  public Fleet fleetOf(Client client) {
    AccessGrant grant = client.grant();
    return fleets.choose(client.fleet(), grant == null ? Principal.ANONYMOUS : grant.principal());
  }

  /** Hears of what goes in and out. */
  public CallMeter meter() {
    return fleets.first().methods().meter();
  }

  public Dispatcher dispatcher(Session session) {
    return new Dispatcher(session);
  }
}
