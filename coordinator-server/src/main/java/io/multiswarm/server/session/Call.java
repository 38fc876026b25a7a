package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.auth.Audit;
import io.multiswarm.server.protocol.Params;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** One call of a method: who calls, and with which parameters. */
public final class Call {

  private final Session session;
  private final Method method;
  private final Params params;
  private final CallMeter meter;
  private final long began;
  private boolean isAudited;
  private List<Runnable> afterAnswer = List.of();

  Call(Session session, Method method, Params params, CallMeter meter) {
    this.session = session;
    this.method = method;
    this.params = params;
    this.meter = meter;
    this.began = meter.now();
    this.isAudited = method.right().isAudited();
  }

  public Session session() {
    return session;
  }

  public Params params() {
    return params;
  }

  /**
   * The right to act for the swarm that a parameter names. Errors: {@code INVALID_ARGUMENT} for no
   * id, {@code FENCED} when this session held it and lost it, {@code NOT_FOUND} when there is none,
   * else {@code PERMISSION_DENIED}. Waits for a create or attach of that swarm that this session
   * has under way.
   *
   * @param name of the parameter: {@code from} or {@code swarmId}
   */
  public Mono<Ownership> acting(String name) {
    Mono<Ownership> acting = session.swarms().acting(swarmId(name));
    return session.principal().isAdministrator()
        ? acting.doOnNext(owner -> isAudited |= owner.isAdministrator())
        : acting;
  }

  /**
   * As {@link #acting}, for what mends a swarm whose key is lost: administrators may, and where
   * nobody is asked for a token whoever calls from this machine. The audit log is told.
   */
  public Mono<Ownership> operating(String name) {
    String swarmId = swarmId(name);
    return acting(name)
        .onErrorResume(
            denied ->
                CoordinationException.is(denied, ErrorCode.PERMISSION_DENIED)
                    && session.mayOperate(),
            denied -> {
              isAudited = true;
              return Mono.just(Ownership.administrator(swarmId));
            });
  }

  /** Refuses who may not mend a swarm whose key is lost; the audit log is told of who may. */
  public void requireOperator(String swarmId) {
    if (!session.mayOperate()) {
      throw CoordinationException.of(
          ErrorCode.PERMISSION_DENIED,
          "swarm: %s gets a new key from administrators alone; attach it with its key",
          swarmId);
    }
    isAudited = true;
  }

  /** A parameter that is a swarm's id. */
  public String swarmId(String name) {
    return Ids.checkSwarm(name, params.string(name));
  }

  /**
   * Fails the Mono with {@code UNAVAILABLE} when the session ends; for calls that wait. Who still
   * reads, because it was the server that closed, must not take the end for a result.
   */
  public <T> Mono<T> whileOpen(Mono<T> waiting) {
    return waiting
        .takeUntilOther(session.ended().then(Mono.error(Call::over)))
        .takeUntilOther(forbidden());
  }

  private Mono<Void> forbidden() {
    return Mono.create(
        sink ->
            sink.onDispose(
                session.access().guard(method, params, () -> sink.error(Access.denied()))));
  }

  /**
   * Watches over what goes on after this call: ends the session, with 4500, when the token does not
   * allow it any more.
   *
   * @param subject the parameters that name it
   */
  public Disposable guard(Json subject) {
    return guard(
        subject, () -> session.peer().close(CloseCode.BAD_TOKEN, Access.denied().message()));
  }

  /** As {@link #guard(Json)}, and {@code denied} says what to do. */
  public Disposable guard(Json subject, Runnable denied) {
    return session.access().guard(method, Params.of(subject), denied);
  }

  /** Whether the caller is to be shown what it submitted itself, and nothing else. */
  public boolean isConfined() {
    return method.right().isConfined(session.principal(), params);
  }

  /** Tells the audit log of the call's end, if this is one to be told of. */
  void ended(@Nullable Throwable error) {
    meter.ended(method.name(), error == null ? CallMeter.OK : outcome(error), began);
    if (isAudited && session.isOpen()) {
      Audit.called(session.id(), session.principal(), method.name(), params, error);
    }
  }

  /** The name of the error that is answered. */
  static String outcome(Throwable error) {
    return Exceptions.unwrap(error) instanceof CoordinationException refusal
        ? refusal.code().name()
        : ErrorCode.INTERNAL.name();
  }

  static CoordinationException over() {
    return CoordinationException.of(
        ErrorCode.UNAVAILABLE, "the session ended before the answer; ask again in another session");
  }

  /**
   * Runs the action on the connection's thread when the answer is on its way, so that what it sends
   * comes after the answer; not when the call fails. To be called before the handler's Mono ends.
   */
  public void afterAnswer(Runnable action) {
    if (afterAnswer.isEmpty()) {
      afterAnswer = new ArrayList<>(1);
    }
    afterAnswer.add(action);
  }

  List<Runnable> actionsAfterAnswer() {
    return afterAnswer;
  }
}
