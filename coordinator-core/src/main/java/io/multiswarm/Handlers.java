package io.multiswarm;

import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Runs what an application gives us to call apart from our own work: on threads that may be
 * blocked, for a blocked event loop would cost the node its connections, and with whatever is
 * thrown as the error of that call alone, also where Reactor would let it end the thread.
 */
final class Handlers {

  private Handlers() {}

  static <T> Mono<T> mono(Supplier<Mono<T>> code) {
    return Mono.defer(
            () -> {
              try {
                return code.get();
              } catch (Throwable e) {
                return Mono.error(e);
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  static <T> Flux<T> flux(Supplier<? extends Publisher<T>> code) {
    return Flux.<T>defer(
            () -> {
              try {
                return code.get();
              } catch (Throwable e) {
                return Flux.error(e);
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }
}
