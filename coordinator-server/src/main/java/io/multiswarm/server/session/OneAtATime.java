package io.multiswarm.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A reading that all who want it at the same time share. Who comes while one is under way gets the
 * next, so that what he reads is not older than his question.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class OneAtATime<T> {

  private final Mono<T> reading;
  private List<MonoSink<T>> next = new ArrayList<>();
  private boolean busy;

  public OneAtATime(Mono<T> reading) {
    this.reading = reading;
  }

  public Mono<T> mono() {
    return Mono.create(this::add);
  }

  private void add(MonoSink<T> sink) {
    synchronized (this) {
      next.add(sink);
      if (busy) {
        return;
      }
      busy = true;
    }
    read();
  }

  private void read() {
    List<MonoSink<T>> served;
    synchronized (this) {
      served = next;
      next = new ArrayList<>();
    }
    reading.subscribe(
        value -> served.forEach(sink -> sink.success(value)),
        error -> finish(served, sink -> sink.error(error)),
        () -> finish(served, MonoSink::success));
  }

  private void finish(List<MonoSink<T>> served, Consumer<MonoSink<T>> end) {
    served.forEach(end);
    boolean more;
    synchronized (this) {
      more = !next.isEmpty();
      busy = more;
    }
    if (more) {
      read();
    }
  }
}
