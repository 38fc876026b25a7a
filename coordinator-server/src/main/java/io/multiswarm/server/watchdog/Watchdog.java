package io.multiswarm.server.watchdog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Asks the threads that everything depends on, each second, whether they still come to their work.
 *
 * <p>Time is counted in questions without an answer, and not by a clock: a process that was stopped
 * and goes on, or a machine that slept, has asked nothing meanwhile.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Watchdog {

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  /** Unanswered questions after which a node says that it is not well. */
  static final int STUCK = 10;

  /** And after which it ends. */
  static final int DEAD = 60;

  /** A thread that is asked, and the questions that it has not answered. */
  private record Watched(Executor thread, AtomicInteger unanswered) {}

  private final Map<String, Watched> threads = new ConcurrentHashMap<>();
  private final Supplier<Runnable> stopwatch;
  private final Consumer<String> end;
  private volatile boolean stopped;

  /**
   * @param stopwatch begins to measure how long a question waits; what it gives is run when the
   *     thread answers
   */
  public Watchdog(Supplier<Runnable> stopwatch) {
    this(stopwatch, why -> LastResort.end(why, null));
  }

  Watchdog(Supplier<Runnable> stopwatch, Consumer<String> end) {
    this.stopwatch = stopwatch;
    this.end = end;
  }

  /** Watches a thread. */
  public void watch(String name, Executor thread) {
    threads.put(name, new Watched(thread, new AtomicInteger()));
  }

  /**
   * Begins to ask.
   *
   * @param scheduler of its own: one that is watched could not tell of itself
   */
  public Disposable start(Scheduler scheduler) {
    long millis = BETWEEN_QUESTIONS.toMillis();
    Disposable asking =
        scheduler.schedulePeriodically(this::ask, millis, millis, TimeUnit.MILLISECONDS);
    return () -> {
      stopped = true;
      asking.dispose();
    };
  }

  /** The threads that do not come to their work, by name; none when all is well. */
  public List<String> stuck() {
    return threads.entrySet().stream()
        .filter(entry -> entry.getValue().unanswered().get() >= STUCK)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  void ask() {
    threads.forEach(this::ask);
  }

  private void ask(String name, Watched watched) {
    AtomicInteger unanswered = watched.unanswered();
    if (unanswered.incrementAndGet() > DEAD) {
      endUnlessStopped("the thread " + name + " has done nothing for " + DEAD + " s");
      return;
    }
    // One question at a time, so that they do not pile up before a thread that is busy.
    if (unanswered.get() > 1) {
      return;
    }
    Runnable measured = stopwatch.get();
    try {
      watched
          .thread()
          .execute(
              () -> {
                unanswered.set(0);
                measured.run();
              });
    } catch (RejectedExecutionException over) {
      endUnlessStopped("the thread " + name + " has ended");
    }
  }

  private void endUnlessStopped(String why) {
    if (!stopped) {
      end.accept(why);
    }
  }
}
