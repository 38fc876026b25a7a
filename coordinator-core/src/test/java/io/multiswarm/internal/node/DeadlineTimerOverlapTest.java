package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** Runs that end on another thread before the one that began them goes on. */
class DeadlineTimerOverlapTest {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final ByHand scheduler = new ByHand();
  private final List<MonoSink<Duration>> runs = new ArrayList<>();

  @Test
  void run_thatBeginsBeforeTheFormerIsNoted_isNotDisposedOf() {
    DeadlineTimer timer = new DeadlineTimer(scheduler, LONGEST, () -> Mono.create(this::run));
    timer.wakeWithin(Duration.ZERO);

    scheduler.next();
    assertThat(runs).hasSize(2);
    runs.get(1).success(Duration.ZERO);
    scheduler.next();

    assertThat(runs).as("the timer goes on").hasSize(3);
    timer.dispose();
  }

  private void run(MonoSink<Duration> sink) {
    runs.add(sink);
    if (runs.size() == 1) {
      sink.success(Duration.ZERO);
      scheduler.next();
    }
  }

  private static final class ByHand implements Scheduler {

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    void next() {
      waiting.remove().run();
    }

    @Override
    public Disposable schedule(Runnable task) {
      waiting.add(task);
      return Disposables.single();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return schedule(task);
    }

    @Override
    public long now(TimeUnit unit) {
      return 0;
    }

    @Override
    public Worker createWorker() {
      throw new UnsupportedOperationException();
    }
  }
}
