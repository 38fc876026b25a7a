package io.multiswarm.server.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class WatchdogTest {

  private final List<String> ends = new ArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final Watchdog watchdog = new Watchdog(() -> answers::incrementAndGet, ends::add);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Disposable watching = watchdog.start(time);
  private final Queue<Runnable> questions = new ArrayDeque<>();

  private void pass(int seconds) {
    time.advanceTimeBy(Duration.ofSeconds(seconds));
  }

  @Test
  void thread_thatAnswers_isWell() {
    watchdog.watch("loop", Runnable::run);
    pass(3 * Watchdog.DEAD);
    assertThat(watchdog.stuck()).isEmpty();
    assertThat(ends).isEmpty();
    assertThat(answers).hasValue(3 * Watchdog.DEAD);
  }

  @Test
  void thread_thatDoesNotAnswer_isStuckUntilItDoes() {
    watchdog.watch("well", Runnable::run);
    watchdog.watch("loop", questions::add);
    pass(Watchdog.STUCK - 1);
    assertThat(watchdog.stuck()).isEmpty();
    pass(1);
    assertThat(watchdog.stuck()).containsExactly("loop");
    assertThat(questions).hasSize(1);
    assertThat(answers).hasValue(Watchdog.STUCK);

    questions.remove().run();
    assertThat(answers).hasValue(Watchdog.STUCK + 1);
    assertThat(watchdog.stuck()).isEmpty();
  }

  @Test
  void thread_thatNeverAnswers_endsTheProcess() {
    watchdog.watch("loop", questions::add);
    pass(Watchdog.DEAD);
    assertThat(ends).isEmpty();
    pass(1);
    assertThat(ends).containsExactly("the thread loop has done nothing for 60 s");
  }

  @Test
  void thread_thatHasEnded_endsTheProcessUnlessThatIsStopping() {
    watchdog.watch(
        "loop",
        question -> {
          throw new RejectedExecutionException("shut down");
        });
    watching.dispose();
    watchdog.ask();
    assertThat(ends).isEmpty();

    Watchdog other = new Watchdog(() -> answers::incrementAndGet, ends::add);
    other.watch(
        "loop",
        question -> {
          throw new RejectedExecutionException("shut down");
        });
    other.ask();
    assertThat(ends).containsExactly("the thread loop has ended");
  }
}
