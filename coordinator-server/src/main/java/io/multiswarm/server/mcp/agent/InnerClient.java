package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Dispatcher;
import io.multiswarm.server.session.Peer;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * A client of the wire protocol within the process: a session without a socket. What it calls goes
 * the way of every call, so nothing is allowed to it, and no limit spared, that a client on a
 * socket would not get.
 *
 * <p><b>Bounds.</b> As many calls under way as a session may have; answers are handed over as they
 * come; notifications are taken one by one, and none is kept here.
 *
 * <p><b>Threading.</b> {@link #call} and {@link Peer}'s methods from any thread. Answers and
 * notifications come on the session's thread: a worker of the scheduler, which is not disposed, for
 * what it would drop then might be somebody's answer.
 */
final class InnerClient implements Peer {

  /** Hears what the session is told. On its thread. */
  interface Listener {

    void heard(String notification, Json params);

    /** The session is over; told once. */
    void ended(String reason);
  }

  private static final long MOST_ID = Long.MAX_VALUE;

  private final Scheduler.Worker worker;
  private final Session session;
  private final Dispatcher dispatcher;
  private final Listener listener;
  private final Map<Long, MonoSink<Json>> pending = new HashMap<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private long last;
  private volatile String over = "the session ended";

  InnerClient(SessionFactory sessions, Client client, Scheduler scheduler, Listener listener) {
    this.worker = scheduler.createWorker();
    this.listener = listener;
    this.session = sessions.begin(this, client);
    this.dispatcher = sessions.dispatcher(session);
    session.onEnd(this::ended);
  }

  /** Opens the session by the grant of its {@link Client}. */
  Mono<Json> open(String name, String version) {
    Json client = JsonObject.with("name", name).and("version", version).json();
    return call("session.open", JsonObject.with("protocol", 1).and("client", client).json());
  }

  /**
   * Calls a method. The answer comes on the session's thread; an error is what a client would get.
   * A subscriber that cancels does not stop the call.
   */
  Mono<Json> call(String method, Json params) {
    return Mono.create(
        sink -> {
          if (!isExecuted(() -> begin(sink, method, params))) {
            sink.error(gone());
          }
        });
  }

  private void begin(MonoSink<Json> sink, String method, Json params) {
    if (session.isEnded()) {
      sink.error(gone());
      return;
    }
    long id = ++last;
    pending.put(id, sink);
    dispatcher.receive(
        JsonObject.with("jsonrpc", "2.0")
            .and("id", id)
            .and("method", method)
            .and("params", params)
            .json()
            .bytes());
  }

  CoordinationException gone() {
    return CoordinationException.of(ErrorCode.UNAVAILABLE, "%s; call again", over);
  }

  /** An answer, or a notification that does not wait to be asked for. */
  @Override
  public void send(byte[] utf8) {
    execute(() -> received(Params.of(Json.trusted(utf8))));
  }

  private void received(Params message) {
    String notification = message.optionalString("method");
    if (notification != null) {
      listener.heard(notification, message.object("params"));
      return;
    }
    MonoSink<Json> sink = pending.remove(message.integer("id", 1, MOST_ID));
    if (sink == null) {
      return;
    }
    if (message.has("error")) {
      sink.error(Answers.refusal(message.object("error")));
    } else {
      sink.success(message.json("result"));
    }
  }

  /** Tells the listener of all that waits. */
  @Override
  public void wake() {
    if (awake.compareAndSet(false, true)) {
      execute(this::takeAll);
    }
  }

  private void takeAll() {
    awake.set(false);
    for (byte[] next = poll(); next != null; next = poll()) {
      Params message = Params.of(Json.trusted(next));
      listener.heard(message.string("method"), message.object("params"));
    }
  }

  private byte @Nullable [] poll() {
    return session.isEnded() ? null : session.nextNotification();
  }

  /** Nothing to do: what comes is bounded by the calls that have no answer yet. */
  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public void close(CloseCode code, String reason) {
    execute(() -> end(false, reason));
  }

  @Override
  public void cutOff(CloseCode code, String reason) {
    close(code, reason);
  }

  /**
   * Ends the session.
   *
   * @param goodbye whether the agent left on purpose; else its swarm is kept for a grace
   */
  void leave(boolean goodbye, String reason) {
    execute(() -> end(goodbye, reason));
  }

  private void end(boolean goodbye, String reason) {
    if (!session.isEnded()) {
      over = reason;
      session.end(goodbye);
    }
  }

  private void ended() {
    List<MonoSink<Json>> unanswered = new ArrayList<>(pending.values());
    pending.clear();
    unanswered.forEach(sink -> sink.error(gone()));
    listener.ended(over);
  }

  @Override
  public void execute(Runnable action) {
    // Not executed when the process stops: there is nobody left to tell.
    isExecuted(action);
  }

  private boolean isExecuted(Runnable action) {
    try {
      worker.schedule(action);
      return true;
    } catch (RejectedExecutionException stopping) {
      return false;
    }
  }

  Scheduler.Worker worker() {
    return worker;
  }

  Session session() {
    return session;
  }
}
