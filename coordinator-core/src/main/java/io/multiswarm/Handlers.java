package io.multiswarm;

import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs what an application does for a task or while it leads apart from our own work: on threads
 * that may be blocked, for a blocked event loop would cost the node its connections, and with
 * whatever is thrown as the error of that call alone, also where Reactor would let it end the
 * thread.
 */
final class Handlers {

  private Handlers() {}

  static <T> Mono<T> mono(Supplier<Mono<T>> code) {
    return Mono.defer(() -> called(code, Mono::error)).subscribeOn(threads());
  }

  static <T> Flux<T> flux(Supplier<Publisher<T>> code) {
    return Flux.defer(() -> called(code, Flux::error)).subscribeOn(threads());
  }

  /** Where whatever may block is called. */
  static Scheduler threads() {
    return Schedulers.boundedElastic();
  }

  private static <P> P called(Supplier<P> code, Function<Throwable, P> failed) {
    try {
      return code.get();
    } catch (Throwable e) {
      return failed.apply(e);
    }
  }
}
