package io.multiswarm.load.target;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import reactor.core.publisher.Mono;

/** For what reads files or starts processes: not on the thread of a connection or of a clock. */
public final class Blocking {

  private Blocking() {}

  /** Cold; the result comes on a thread of the JDK's pool. */
  public static <T> Mono<T> call(Callable<T> work) {
    return Mono.fromFuture(
        () -> {
          var result = new CompletableFuture<T>();
          ForkJoinPool.commonPool().execute(() -> complete(result, work));
          return result;
        });
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
    try {
      result.complete(work.call());
    } catch (Exception e) {
      result.completeExceptionally(e);
    }
  }
}
