package io.multiswarm.load.tasks;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * Lets so many calls be under way; the others wait in line. What a turn costs does not grow with
 * how many there are, as it does for an operator that looks at all of them.
 *
 * <p><b>Threading.</b> Safe. A call begins on the thread that brought it, or that ended the one
 * before it.
 */
final class ConcurrencyLimiter {

  private final Queue<Mono<Void>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger free;
  private final AtomicInteger missed = new AtomicInteger();

  ConcurrencyLimiter(int atOnce) {
    this.free = new AtomicInteger(atOnce);
  }

  /**
   * @param call whose errors are its own business
   */
  void enter(Mono<Void> call) {
    waiting.add(call);
    drain();
  }

  private void drain() {
    if (missed.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      while (free.get() > 0) {
        Mono<Void> next = waiting.poll();
        if (next == null) {
          break;
        }
        free.decrementAndGet();
        next.doFinally(end -> left()).subscribe(null, ignored -> {});
      }
      seen = missed.addAndGet(-seen);
    } while (seen != 0);
  }

  private void left() {
    free.incrementAndGet();
    drain();
  }
}
