package io.multiswarm.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** As Reactor's own schedulers, it tells the wall clock in milliseconds, which somebody sets. */
public final class SetClock implements Scheduler {

  private final VirtualTimeScheduler time;
  private Duration step = Duration.ZERO;

  public SetClock(VirtualTimeScheduler time) {
    this.time = time;
  }

  /** Sets the wall clock forward, or back. */
  public void set(Duration by) {
    step = step.plus(by);
  }

  @Override
  public long now(TimeUnit unit) {
    return unit.compareTo(TimeUnit.MILLISECONDS) < 0
        ? time.now(unit)
        : time.now(unit) + unit.convert(step);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return time.schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return time.schedule(task, delay, unit);
  }

  @Override
  public Worker createWorker() {
    return time.createWorker();
  }
}
