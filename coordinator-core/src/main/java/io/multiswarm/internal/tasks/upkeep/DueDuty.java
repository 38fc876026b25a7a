package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.election.LeaderDuty;
import io.multiswarm.internal.node.Alarm;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Does something with tasks of one status when they are due; signals tell when that is. */
abstract class DueDuty implements LeaderDuty.Continuous, TaskTransitions.Listener {

  static final Duration LONGEST = Duration.ofSeconds(10);
  static final int A_CALL = 100;

  private final Scheduler scheduler;
  private final TaskStatus status;
  private volatile @Nullable Alarm alarm;

  DueDuty(Scheduler scheduler, TaskStatus status) {
    this.scheduler = scheduler;
    this.status = status;
  }

  /** Does what is due, and gives the time until something will be. */
  abstract Mono<Duration> doDue(Leader leader);

  /** Looks at once, and until the subscription ends, which the first error does. */
  @Override
  public final Flux<?> perform(Leader leader) {
    return Flux.create(
        sink -> {
          Alarm begun =
              new Alarm(
                  scheduler,
                  LONGEST,
                  () ->
                      doDue(leader)
                          .onErrorResume(
                              error -> {
                                sink.error(error);
                                return Mono.just(LONGEST);
                              }));
          alarm = begun;
          sink.onDispose(
              () -> {
                alarm = null;
                begun.dispose();
              });
          begun.ringWithin(Duration.ZERO);
        });
  }

  @Override
  public final boolean isListening() {
    return alarm != null;
  }

  @Override
  public final void moved(Move move) {
    if (move.update().status() == status && move.dueMs() >= 0) {
      lookWithin(Duration.ofMillis(move.dueMs() + 1));
    }
  }

  /** Has no effect while somebody else leads. */
  final void lookWithin(Duration time) {
    Alarm present = alarm;
    if (present != null) {
      present.ringWithin(time);
    }
  }
}
