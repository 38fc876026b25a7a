package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Right;
import io.multiswarm.server.auth.TaskOwners;
import io.multiswarm.server.protocol.Params;
import reactor.core.publisher.Mono;

/**
 * A method of the protocol.
 *
 * @param right what it takes
 * @param owners asked when that depends on whose a task is
 * @param opens whether it may be called before the session is open
 * @param large whether its answer may be large, see {@link LargeReads}
 */
public record Method(
    String name, Right right, TaskOwners owners, boolean opens, boolean large, Handler handler) {

  /**
   * What a method does.
   *
   * <p>Called on the connection's thread, in the order of the requests; must not block. Gives the
   * result, an object; empty stands for {@code {}}. May throw instead of giving an error. The Mono
   * is subscribed at once, and it may end on any thread.
   */
  @FunctionalInterface
  public interface Handler {

    Mono<Json> handle(Call call);
  }

  /** See {@link Right#check}. */
  Mono<Void> check(Principal principal, Params params) {
    return right.check(name, principal, params, owners);
  }
}
