package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, and which of them holds which swarm.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class SessionDirectory {

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Map<Ownership, Session> holders = new ConcurrentHashMap<>();
  private final Map<String, Ownership> latest = new ConcurrentHashMap<>();

  private final Losses losses = new Losses();
  private final NodeBuffers buffers;
  private final LargeReads largeReads;
  private final Quotas quotas;

  /** As {@link #SessionDirectory(NodeBuffers, Quotas)}, for principals that may have anything. */
  public SessionDirectory(NodeBuffers buffers) {
    this(buffers, Quotas.ANY);
  }

  /**
   * @param buffers what all sessions may hold together
   * @param quotas what those of one principal may have together
   */
  public SessionDirectory(NodeBuffers buffers, Quotas quotas) {
    this.buffers = buffers;
    this.quotas = quotas;
    this.largeReads = new LargeReads(buffers.limit());
  }

  LargeReads largeReads() {
    return largeReads;
  }

  Quotas quotas() {
    return quotas;
  }

  public NodeBuffers buffers() {
    return buffers;
  }

  /** Begins a session for a connection. */
  public Session begin(Peer peer, Client client, Limits limits, SwarmCustody custody) {
    Session session = new Session(peer, client, limits, custody, this);
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

  /** The session that holds a swarm; null when none of this node does. */
  public @Nullable Session holderOf(String swarmId) {
    Ownership ownership = latest.get(swarmId);
    return ownership == null ? null : holders.get(ownership);
  }

  void holds(Session session, Ownership ownership) {
    if (holders.put(ownership, session) == null) {
      quotas.swarms().add(session.principal());
    }
    latest.merge(ownership.swarmId(), ownership, SessionDirectory::newer);
  }

  void holdsNoMore(Ownership ownership) {
    Session holder = holders.remove(ownership);
    if (holder != null) {
      quotas.swarms().giveBack(holder.principal());
    }
    latest.remove(ownership.swarmId(), ownership);
  }

  private static Ownership newer(Ownership present, Ownership added) {
    return added.incarnation() >= present.incarnation() ? added : present;
  }

  /**
   * Tells the session that held the swarm, if there is one, that it does no more.
   *
   * @param lost the attachment that ended
   */
  public void lost(Ownership lost, String reason) {
    Session session = holders.get(lost);
    if (session != null) {
      session.peer().execute(() -> lost(session, lost, reason));
    }
  }

  private void lost(Session session, Ownership lost, String reason) {
    session.swarms().lost(lost, () -> tellOfLoss(session, lost, reason));
  }

  void tellOfLoss(Session session, Ownership lost, String reason) {
    losses.tell(session, lost, reason);
    session.send(Notification.SWARM_DETACHED, detached(lost, reason));
  }

  private static Json detached(Ownership lost, String reason) {
    return JsonObject.with("swarmId", lost.swarmId())
        .and("incarnation", lost.incarnation())
        .and("reason", reason)
        .json();
  }
}
