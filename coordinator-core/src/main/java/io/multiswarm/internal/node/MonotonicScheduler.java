package io.multiswarm.internal.node;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose {@code now} begins at the wall clock's time and goes on by the machine's
 * monotonic clock. Reactor's own tell the wall clock, which is set back and forth: a lease that is
 * compared with it would last for ever, or be over at once.
 *
 * <p>This is the one source of time of a node. Everything asks the injected scheduler.
 */
public final class MonotonicScheduler implements Scheduler {

  private final Scheduler threads;
  private final LongSupplier nanos;
  private final long offset;

  MonotonicScheduler(Scheduler threads, LongSupplier nanos) {
    this.threads = threads;
    this.nanos = nanos;
    this.offset = threads.now(TimeUnit.NANOSECONDS) - nanos.getAsLong();
  }

  /**
   * Reactor's own schedulers, made monotonic; any other tells a time of its own, such as a virtual
   * one, and is given back as it is.
   *
   * @param threads that run the tasks; disposed with the result
   */
  public static Scheduler over(Scheduler threads) {
    boolean tellsWallClock = threads.getClass().getPackage().equals(Scheduler.class.getPackage());
    return tellsWallClock ? new MonotonicScheduler(threads, System::nanoTime) : threads;
  }

  @Override
  public long now(TimeUnit unit) {
    return unit.convert(nanos.getAsLong() + offset, TimeUnit.NANOSECONDS);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return threads.schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return threads.schedule(task, delay, unit);
  }

  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return threads.schedulePeriodically(task, initialDelay, period, unit);
  }

  @Override
  public Worker createWorker() {
    return threads.createWorker();
  }

  @Override
  public boolean isDisposed() {
    return threads.isDisposed();
  }

  @Override
  public void dispose() {
    threads.dispose();
  }

  @Override
  public Mono<Void> disposeGracefully() {
    return threads.disposeGracefully();
  }

  @Override
  public void init() {
    threads.init();
  }
}
