package io.multiswarm.internal.tasks.worker;

import io.multiswarm.tasks.Assignment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Operators;

/**
 * A desk's assignments as a Flux: polls a reader for as long as there is demand.
 *
 * <p>The drain is serialised by {@code wip}: demand and wake-ups count up, and whoever raised it
 * from zero polls until nothing came meanwhile.
 */
final class AssignmentFlux implements DeskReader.Listener {

  private final FluxSink<Assignment> sink;
  private final LongConsumer lull;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger wip = new AtomicInteger();
  private volatile @Nullable DeskReader reader;

  private AssignmentFlux(FluxSink<Assignment> sink, LongConsumer lull) {
    this.sink = sink;
    this.lull = lull;
  }

  /**
   * @param lull told the open demand whenever nothing is there to meet it, by one thread at a time
   */
  static Disposable into(
      FluxSink<Assignment> sink, AssignmentsInFlight desk, TaskBodies bodies, LongConsumer lull) {
    AssignmentFlux flux = new AssignmentFlux(sink, lull);
    DeskReader begun = DeskReader.begin(desk, bodies, flux);
    flux.reader = begun;
    sink.onRequest(flux::request);
    return begun::cancel;
  }

  static Flux<Assignment> of(AssignmentsInFlight desk, TaskBodies bodies) {
    return Flux.create(
        sink -> sink.onDispose(into(sink, desk, bodies, demand -> {})), OverflowStrategy.BUFFER);
  }

  private void request(long n) {
    requested.accumulateAndGet(n, Operators::addCap);
    wake();
  }

  @Override
  public void wake() {
    if (wip.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      DeskReader begun = reader;
      if (begun != null) {
        emit(begun);
      }
      missed = wip.addAndGet(-missed);
    } while (missed != 0);
  }

  private void emit(DeskReader begun) {
    while (!sink.isCancelled() && requested.get() > 0) {
      Assignment next = begun.poll();
      if (next == null) {
        lull.accept(requested.get());
        return;
      }
      if (requested.get() != Long.MAX_VALUE) {
        requested.decrementAndGet();
      }
      sink.next(next);
    }
  }

  @Override
  public void ended(@Nullable Throwable reason) {
    if (reason == null) {
      sink.complete();
    } else {
      sink.error(reason);
    }
  }
}
