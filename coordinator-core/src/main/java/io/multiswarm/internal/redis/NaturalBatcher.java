package io.multiswarm.internal.redis;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.concurrent.Queues;

/**
 * Turns single items into batched calls without ever waiting: at most {@code maxInFlight} calls are
 * under way, and what arrives meanwhile leaves together, up to {@code maxBatch} items, as soon as
 * one of them returns. Idle, an item goes out at once and alone; under load the batches grow.
 *
 * <p>Items leave in the order of submission. Items have a weight, in bytes by convention: a batch
 * stays below its limit unless a single item exceeds it, and what waits is bounded by count and
 * weight; one more is refused with {@code RESOURCE_EXHAUSTED}.
 *
 * <p>Concurrency: {@link #drain} is serialised by {@code wip}; only the thread inside it takes from
 * the queue and starts calls. A returning call lowers {@code inFlight} and drains again.
 *
 * @param <T> item
 * @param <R> result of an item
 */
public final class NaturalBatcher<T, R> {

  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final String name;
  private final Limits limits;
  private final ToIntFunction<T> weigher;
  private final Function<List<T>, Mono<List<Outcome<R>>>> call;
  private final Queue<Waiting<T, R>> queue = Queues.<Waiting<T, R>>unboundedMultiproducer().get();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingWeight = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger wip = new AtomicInteger();

  /**
   * @param maxInFlight calls at once
   * @param maxBatch items a call
   * @param maxBatchWeight weight of a call
   * @param maxWaiting items that wait
   * @param maxWaitingWeight weight of what waits
   */
  public record Limits(
      int maxInFlight, int maxBatch, int maxBatchWeight, int maxWaiting, long maxWaitingWeight) {
    /** Four calls of 32 keep Redis busy without a queue in front of it. */
    public static final Limits DEFAULT = new Limits(4, 32, 256 << 10, 16_384, 32L << 20);
  }

  /** What became of one item: a value, or a refusal of this item alone. */
  public record Outcome<R>(@Nullable R value, @Nullable Throwable refusal) {
    public static <R> Outcome<R> of(R value) {
      return new Outcome<>(value, null);
    }

    public static <R> Outcome<R> refused(Throwable refusal) {
      return new Outcome<>(null, refusal);
    }

    private void into(MonoSink<R> sink) {
      if (refusal != null) {
        sink.error(refusal);
      } else {
        sink.success(value);
      }
    }
  }

  private record Waiting<T, R>(T item, int weight, MonoSink<R> sink) {}

  /**
   * @param name of the operation, for the refusal
   * @param weigher bytes of an item, roughly
   * @param call sends a batch; answers with one outcome an item, in order, or fails as a whole.
   *     Where the last outcomes are missing, but not all, their items are sent again
   */
  public NaturalBatcher(
      String name,
      Limits limits,
      ToIntFunction<T> weigher,
      Function<List<T>, Mono<List<Outcome<R>>>> call) {
    this.name = name;
    this.limits = limits;
    this.weigher = weigher;
    this.call = call;
  }

  /** Cold: the item joins the queue when subscribed. Cancelling does not withdraw it. */
  public Mono<R> submit(T item) {
    return Mono.create(
        sink -> {
          Waiting<T, R> one = new Waiting<>(item, weigher.applyAsInt(item), sink);
          if (admit(one)) {
            queue.add(one);
            drain();
          } else {
            sink.error(overload());
          }
        });
  }

  private boolean admit(Waiting<T, R> one) {
    int count = waiting.incrementAndGet();
    long weight = waitingWeight.addAndGet(one.weight());
    boolean fits = count <= limits.maxWaiting() && weight <= limits.maxWaitingWeight();
    if (!fits) {
      leave(one);
    }
    return fits;
  }

  private void leave(Waiting<T, R> one) {
    waiting.decrementAndGet();
    waitingWeight.addAndGet(-one.weight());
  }

  private CoordinationException overload() {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "%s: too many calls are waiting already; slow down and try again",
            name)
        .retryAfter(RETRY_AFTER);
  }

  private void drain() {
    if (wip.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      while (inFlight.get() < limits.maxInFlight()) {
        List<Waiting<T, R>> batch = take();
        if (batch.isEmpty()) {
          break;
        }
        start(batch);
      }
      missed = wip.addAndGet(-missed);
    } while (missed != 0);
  }

  private List<Waiting<T, R>> take() {
    List<Waiting<T, R>> batch = new ArrayList<>();
    int weight = 0;
    while (batch.size() < limits.maxBatch()) {
      Waiting<T, R> next = queue.peek();
      if (next == null || !batch.isEmpty() && weight + next.weight() > limits.maxBatchWeight()) {
        break;
      }
      queue.poll();
      leave(next);
      weight += next.weight();
      batch.add(next);
    }
    return batch;
  }

  private void start(List<Waiting<T, R>> batch) {
    inFlight.incrementAndGet();
    send(batch);
  }

  private void send(List<Waiting<T, R>> batch) {
    List<T> items = new ArrayList<>(batch.size());
    batch.forEach(one -> items.add(one.item()));
    Mono.defer(() -> call.apply(items))
        .subscribe(outcomes -> succeed(batch, outcomes), error -> fail(batch, error));
  }

  private void succeed(List<Waiting<T, R>> batch, List<Outcome<R>> outcomes) {
    int told = outcomes.size();
    if (told == 0 || told > batch.size()) {
      String counts = told + " outcomes for " + batch.size() + " items";
      fail(batch, new IllegalStateException(name + ": " + counts));
      return;
    }
    if (told < batch.size()) {
      send(batch.subList(told, batch.size()));
    } else {
      returned();
    }
    for (int i = 0; i < told; i++) {
      outcomes.get(i).into(batch.get(i).sink());
    }
  }

  private void fail(List<Waiting<T, R>> batch, Throwable error) {
    returned();
    batch.forEach(one -> one.sink().error(error));
  }

  /** Before the results are handed on, so that the next batch is already on its way. */
  private void returned() {
    inFlight.decrementAndGet();
    drain();
  }
}
