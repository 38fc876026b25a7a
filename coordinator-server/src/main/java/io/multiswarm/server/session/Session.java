package io.multiswarm.server.session;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.Notification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One connection's state.
 *
 * <p><b>Threading.</b> The connection's thread, but for {@link #send}, {@link #sendLatest}, {@link
 * #id}, {@link #peer} and {@link #ended}.
 */
public final class Session {

  private final String id = Ids.unique("session");
  private final Peer peer;
  private final Client client;
  private final Limits limits;
  private final Share share;
  private final LargeReads.Line largeReads;
  private final HeldSwarms swarms;
  private final Notifications notifications = new Notifications();
  private final Mailbox mailbox;
  private final Map<Class<?>, Object> parts = new HashMap<>();
  private final List<Runnable> onEnd = new ArrayList<>();
  private final Sinks.Empty<Void> ended = Sinks.empty();
  private final SessionDirectory directory;
  private final Fleets fleets;
  private final Scheduler loop;
  private final Access access = new Access(this);
  private volatile Fleet fleet;
  private boolean isEnded;

  Session(Peer peer, Client client, Limits limits, Fleets fleets, SessionDirectory directory) {
    this.peer = peer;
    this.client = client;
    this.limits = limits;
    this.share = directory.buffers().share(peer);
    this.largeReads = directory.largeReads().line(share, peer);
    this.directory = directory;
    this.fleets = fleets;
    this.fleet = fleets.first();
    this.mailbox = new Mailbox(peer, share);
    notifications.add(mailbox);
    this.loop = Schedulers.fromExecutor(peer::execute);
    this.swarms = new HeldSwarms(this);
  }

  public String id() {
    return id;
  }

  public Peer peer() {
    return peer;
  }

  /** Where it is. From any thread. */
  public Fleet fleet() {
    return fleet;
  }

  /** Where it could have been. */
  public Fleets fleets() {
    return fleets;
  }

  /** Goes to another fleet; before the session is open. */
  public void enter(Fleet chosen) {
    fleet = chosen;
  }

  /** Whether it may mend what nobody has the key of. */
  boolean mayOperate() {
    return principal().isAdministrator()
        || !principal().isAuthenticated() && client.address().isLoopbackAddress();
  }

  public Client client() {
    return client;
  }

  public Limits limits() {
    return limits;
  }

  /** What this connection holds of the node's memory. */
  public Share share() {
    return share;
  }

  /** The calls of this session whose answers may be large. */
  LargeReads.Line largeReads() {
    return largeReads;
  }

  /** To be told when the socket has taken an answer, which may make room for the next. */
  public void answersWereRead() {
    largeReads.answersWereRead();
  }

  public HeldSwarms swarms() {
    return swarms;
  }

  /** Asks the source, too, whenever the socket can take a notification. */
  public void addSource(NotificationSource source) {
    notifications.add(source);
  }

  /** Asks the source no more. */
  public void removeSource(NotificationSource source) {
    notifications.remove(source);
  }

  /** The next notification of any source; null when none has one. */
  public byte @Nullable [] nextNotification() {
    return notifications.poll();
  }

  /** The connection's thread, for {@code publishOn}. */
  public Scheduler loop() {
    return loop;
  }

  public boolean isOpen() {
    return access.grant() != null;
  }

  /** Who it is; of an open session only. */
  public Principal principal() {
    AccessGrant grant = access.grant();
    if (grant == null) {
      throw new IllegalStateException("The session is not open");
    }
    return grant.principal();
  }

  /** Counts one more subscription of the principal's, or refuses it. */
  public void takeSubscription() {
    directory.subscriptions().take(principal());
  }

  /** One less. */
  public void giveBackSubscription() {
    directory.subscriptions().giveBack(principal());
  }

  Access access() {
    return access;
  }

  /** What its token is good for; null before the session is open. */
  public @Nullable AccessGrant grant() {
    return access.grant();
  }

  /** Replaces what ends the session when its grant is over. */
  public void expireBy(Disposable timer) {
    access.expireBy(timer);
  }

  /** Opens the session, or changes what it may. */
  public void open(AccessGrant grant) {
    access.grant(grant);
  }

  /**
   * Sends a notification that others make, from any thread, once the socket takes it; of those
   * under one key that wait only the latest, in the place of the first. A client that does not read
   * is cut off.
   *
   * @param key what it is about
   * @param params made when it is sent, on the connection's thread
   */
  public void sendLatest(Object key, Notification kind, Supplier<Json> params) {
    mailbox.put(key, kind, params);
  }

  /**
   * Sends a notification, from any thread. For what is bounded by the client's own calls; what
   * others make goes through {@link #sendLatest}, and what can wait where it is is pulled, see
   * {@link #addSource}.
   */
  public void send(Notification kind, Json params) {
    peer.send(Answers.notification(kind, params));
  }

  /** What a group of methods keeps for this session, made on first use. */
  public <T> T part(Class<T> type, Function<Session, T> factory) {
    Object part = parts.get(type);
    if (part == null) {
      part = factory.apply(this);
      parts.put(type, part);
    }
    return type.cast(part);
  }

  /** Runs the action when the session ends, on the connection's thread; at once if it has. */
  public void onEnd(Runnable action) {
    if (isEnded) {
      action.run();
    } else {
      onEnd.add(action);
    }
  }

  public boolean isEnded() {
    return isEnded;
  }

  /** Completes when the session ends. */
  public Mono<Void> ended() {
    return ended.asMono();
  }

  /**
   * Ends the session and lets go of its swarms; may be repeated.
   *
   * @param goodbye whether the client left on purpose
   */
  public void end(boolean goodbye) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    directory.remove(this);
    access.end();
    share.end();
    largeReads.leave();
    swarms.end(goodbye);
    notifications.clear();
    mailbox.close();
    onEnd.forEach(Runnable::run);
    onEnd.clear();
    parts.clear();
    // Emitted once, as isEnded guards it: no other result than OK is possible, and whether anybody
    // waits is of no interest.
    ended.tryEmitEmpty();
  }

  @Override
  public String toString() {
    return id;
  }
}
