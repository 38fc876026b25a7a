package io.multiswarm.server.mcp.agent;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Ends an agent's session when a grace has passed since the end of its last call.
 *
 * <p><b>Threading.</b> The session's thread, but for {@link #during}.
 */
final class Patience {

  private final InnerClient client;
  private final Duration grace;
  private final Disposable.Swap timer = Disposables.swap();
  private int calls;

  Patience(InnerClient client, Duration grace) {
    this.client = client;
    this.grace = grace;
  }

  /** See {@link Agent#during}. */
  <T> Mono<T> during(Mono<T> work) {
    return Mono.defer(
        () -> {
          client.execute(this::callBegins);
          return work.doFinally(end -> client.execute(this::callEnds));
        });
  }

  private void callBegins() {
    calls++;
    timer.update(Disposables.disposed());
  }

  private void callEnds() {
    calls--;
    if (calls == 0) {
      timer.update(
          client
              .worker()
              .schedule(
                  () -> client.leave(false, "no call came for " + grace.toSeconds() + " s"),
                  grace.toMillis(),
                  TimeUnit.MILLISECONDS));
    }
  }

  /** The session is over; what is scheduled later ends with its beginning. */
  void end() {
    timer.dispose();
  }
}
