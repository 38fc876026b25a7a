package io.multiswarm.server.mcp.agent;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Wakes the call that waits for something to be there. What comes between {@link #silence}, before
 * one looks, and {@link #heard}, when one has found nothing, is not missed.
 *
 * <p><b>Threading.</b> The session's thread.
 */
final class Bell {

  private final InnerClient client;
  private @Nullable MonoSink<Void> waiter;
  private boolean rung;

  Bell(InnerClient client) {
    this.client = client;
  }

  void silence() {
    rung = false;
  }

  void ring() {
    rung = true;
    MonoSink<Void> waiting = waiter;
    waiter = null;
    if (waiting != null) {
      waiting.success();
    }
  }

  /** Completes when it has rung since it was silenced, or when the time is over. */
  Mono<Void> heard(long millis) {
    return Mono.create(
        sink -> {
          if (rung) {
            sink.success();
            return;
          }
          waiter = sink;
          Disposable timer = client.worker().schedule(sink::success, millis, TimeUnit.MILLISECONDS);
          sink.onDispose(
              () -> {
                timer.dispose();
                client.execute(() -> forget(sink));
              });
        });
  }

  private void forget(MonoSink<Void> sink) {
    if (waiter == sink) {
      waiter = null;
    }
  }
}
