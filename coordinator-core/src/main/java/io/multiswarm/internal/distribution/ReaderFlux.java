package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelReader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A reader as a Flux: polls it for as long as there is demand.
 *
 * <p>The drain is serialised by {@code wip}: demand and wake-ups count up, and whoever raised it
 * from zero polls until nothing came meanwhile. Polling is thereby confined as {@link
 * ChannelReader} demands.
 */
final class ReaderFlux extends Flux<ChannelEvent> {

  private final Function<Runnable, Mono<ChannelReader>> begin;

  /**
   * @param begin subscribes with a wake-up callback; errors end the Flux
   */
  ReaderFlux(Function<Runnable, Mono<ChannelReader>> begin) {
    this.begin = begin;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ChannelEvent> actual) {
    Drain drain = new Drain(actual);
    actual.onSubscribe(drain);
    begin.apply(drain::drain).subscribe(drain::begun, drain::failed);
  }

  private static final class Drain implements Subscription {

    private final CoreSubscriber<? super ChannelEvent> actual;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger wip = new AtomicInteger();
    private volatile @Nullable ChannelReader reader;
    private volatile boolean cancelled;

    Drain(CoreSubscriber<? super ChannelEvent> actual) {
      this.actual = actual;
    }

    void begun(ChannelReader begun) {
      reader = begun;
      if (cancelled) {
        begun.cancel();
      } else {
        drain();
      }
    }

    void failed(Throwable error) {
      if (!cancelled) {
        actual.onError(error);
      }
    }

    @Override
    public void request(long n) {
      if (Operators.validate(n)) {
        requested.accumulateAndGet(n, Operators::addCap);
        drain();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      ChannelReader begun = reader;
      if (begun != null) {
        begun.cancel();
      }
    }

    private void drain() {
      if (wip.getAndIncrement() != 0) {
        return;
      }
      int missed = 1;
      do {
        ChannelReader begun = reader;
        if (begun != null) {
          emit(begun);
        }
        missed = wip.addAndGet(-missed);
      } while (missed != 0);
    }

    private void emit(ChannelReader begun) {
      while (!cancelled) {
        if (requested.get() == 0) {
          begun.lull();
          return;
        }
        ChannelEvent event = begun.poll();
        if (event == null) {
          return;
        }
        if (requested.get() != Long.MAX_VALUE) {
          requested.decrementAndGet();
        }
        actual.onNext(event);
      }
    }
  }
}
