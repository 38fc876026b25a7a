package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which session of this node holds which swarm of a fleet.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Holders {

  private final Map<Ownership, Session> holders = new ConcurrentHashMap<>();
  private final Map<String, Ownership> latest = new ConcurrentHashMap<>();
  private final Losses losses = new Losses();

  /** The session that holds a swarm; null when none of this node does. */
  public @Nullable Session of(String swarmId) {
    Ownership ownership = latest.get(swarmId);
    return ownership == null ? null : holders.get(ownership);
  }

  void holds(Session session, Ownership ownership) {
    holders.put(ownership, session);
    latest.merge(ownership.swarmId(), ownership, Holders::newer);
  }

  void holdsNoMore(Ownership ownership) {
    holders.remove(ownership);
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
