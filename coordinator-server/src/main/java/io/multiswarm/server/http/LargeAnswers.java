package io.multiswarm.server.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Answers that lie in memory until their clients have taken them: some at the same time, and no
 * more, for whoever asks for them need not read them, and nobody has asked him for a token.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class LargeAnswers {

  static final int MOST = 64;

  private final AtomicInteger underWay = new AtomicInteger();

  /** The answer, or the other one where there are too many. */
  Mono<Void> atMost(Supplier<Mono<Void>> answer, Supplier<Mono<Void>> refusal) {
    return Mono.defer(
        () -> {
          if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            return refusal.get();
          }
          return Mono.defer(answer).doFinally(end -> underWay.decrementAndGet());
        });
  }
}
