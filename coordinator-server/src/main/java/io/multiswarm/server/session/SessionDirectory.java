package io.multiswarm.server.session;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of this process, of whatever fleet, and what they may have together.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class SessionDirectory {

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  private final NodeBuffers buffers;
  private final LargeReads largeReads;
  private final SubscriptionQuota subscriptions;

  /** For principals that may subscribe to anything. */
  public SessionDirectory(NodeBuffers buffers) {
    this(buffers, new SubscriptionQuota(Integer.MAX_VALUE));
  }

  /**
   * @param buffers what all sessions may hold together
   * @param subscriptions that those of one principal may have together
   */
  public SessionDirectory(NodeBuffers buffers, SubscriptionQuota subscriptions) {
    this.buffers = buffers;
    this.subscriptions = subscriptions;
    this.largeReads = new LargeReads(buffers.limit());
  }

  LargeReads largeReads() {
    return largeReads;
  }

  SubscriptionQuota subscriptions() {
    return subscriptions;
  }

  public NodeBuffers buffers() {
    return buffers;
  }

  /** Begins a session for a connection, in the first of the fleets until it is opened. */
  public Session begin(Peer peer, Client client, Limits limits, Fleets fleets) {
    Session session = new Session(peer, client, limits, fleets, this);
    sessions.put(session.id(), session);
    return session;
  }

  void remove(Session session) {
    sessions.remove(session.id());
  }

  /** A live view, weakly consistent. */
  public Collection<Session> all() {
    return sessions.values();
  }

  public int size() {
    return sessions.size();
  }

  /** Those in one fleet; what is not opened yet counts for the first. */
  public int sizeOf(Holders fleet) {
    return (int)
        sessions.values().stream().filter(session -> session.fleet().holders() == fleet).count();
  }
}
