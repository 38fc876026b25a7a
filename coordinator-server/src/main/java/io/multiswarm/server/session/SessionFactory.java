package io.multiswarm.server.session;

/**
 * Makes the session of each connection.
 *
 * @param limits of each session
 */
public record SessionFactory(
    SessionDirectory directory, SwarmCustody custody, Limits limits, MethodTable methods) {

  public Session begin(Peer peer, Client client) {
    return directory.begin(peer, client, limits, custody);
  }

  /** Hears of what goes in and out. */
  public CallMeter meter() {
    return methods.meter();
  }

  public Dispatcher dispatcher(Session session) {
    return new Dispatcher(session, methods);
  }
}
