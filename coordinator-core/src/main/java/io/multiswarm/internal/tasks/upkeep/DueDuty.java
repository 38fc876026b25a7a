package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.DeadlineTimer;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Does something with tasks of one status when they are due; signals tell when that is. */
abstract class DueDuty implements Duty.Continuous<UpkeepTerm>, TaskTransitions.Listener {

  static final Duration LONGEST = Duration.ofSeconds(10);
  static final int A_CALL = 100;

  private final Scheduler scheduler;
  private final TaskStatus status;
  private volatile @Nullable DeadlineTimer timer;

  DueDuty(Scheduler scheduler, TaskStatus status) {
    this.scheduler = scheduler;
    this.status = status;
  }

  /** Does what is due, and gives the time until something will be. */
  abstract Mono<Duration> doDue(UpkeepTerm term);

  /** Looks at once, and until the subscription ends, which the first error does. */
  @Override
  public final Flux<?> perform(UpkeepTerm term) {
    return DeadlineTimer.repeat(scheduler, LONGEST, () -> doDue(term), begun -> timer = begun)
        .doFinally(end -> timer = null);
  }

  @Override
  public final boolean isListening() {
    return timer != null;
  }

  @Override
  public final void moved(Move move) {
    if (move.update().status() == status && move.dueMs() >= 0) {
      lookWithin(Duration.ofMillis(move.dueMs() + 1));
    }
  }

  /** Has no effect while another node keeps the fleet up. */
  final void lookWithin(Duration time) {
    DeadlineTimer present = timer;
    if (present != null) {
      present.wakeWithin(time);
    }
  }
}
