package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.Params;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** One call of a method: who calls, and with which parameters. */
public final class Call {

  private final Session session;
  private final Params params;
  private List<Runnable> afterAnswer = List.of();

  public Call(Session session, Params params) {
    this.session = session;
    this.params = params;
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
    return session.swarms().acting(swarmId(name));
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
    return waiting.takeUntilOther(session.ended().then(Mono.error(Call::over)));
  }

  private static CoordinationException over() {
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
