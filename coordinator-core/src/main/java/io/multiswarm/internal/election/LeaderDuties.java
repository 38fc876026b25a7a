package io.multiswarm.internal.election;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Election;
import io.multiswarm.election.Leadership;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Runs the duties of the leader while this node leads. Each is a stream of its own: it begins when
 * leadership does, is cancelled when leadership passes or can no longer be proved, and neither
 * waits for nor fails with the others.
 *
 * <p>A run that fails is logged, counted in {@link #failures} and followed by the next; only {@code
 * FENCED} is final, because lost ownership does not come back.
 *
 * <p><b>Threading.</b> Safe for concurrent use. Duties begin on the injected scheduler.
 */
public final class LeaderDuties {

  private static final Logger log = LoggerFactory.getLogger(LeaderDuties.class);

  /** A run that neither ends nor fails is given up, so that the next can begin. */
  private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Election election;
  private final Scheduler scheduler;
  private final Disposable.Composite running = Disposables.composite();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  public LeaderDuties(Election election, Scheduler scheduler) {
    this.election = election;
    this.scheduler = scheduler;
  }

  /** Performs a duty from now on, whenever this node leads. */
  public void add(LeaderDuty.Periodic duty) {
    whileLeading(leader -> repeated(duty, leader));
  }

  /** As {@link #add(LeaderDuty.Periodic)}. */
  public void add(LeaderDuty.Continuous duty) {
    whileLeading(leader -> continued(duty, leader));
  }

  /** Cancels all duties for good. */
  public void stop() {
    running.dispose();
  }

  /** Failed runs by the name of the duty, {@code FENCED} included; without those of none. */
  public Map<String, Long> failures() {
    Map<String, Long> counts = new TreeMap<>();
    failures.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }

  private void whileLeading(Function<Leadership.Leader, Publisher<?>> work) {
    running.add(
        election
            .leadership()
            .distinctUntilChanged(LeaderDuties::term)
            .switchMap(
                leadership ->
                    leadership instanceof Leadership.Leader leader
                        ? work.apply(leader)
                        : Flux.empty())
            .subscribe());
  }

  /** Renewals do not begin a term; neither does a change between other leaders. */
  private static long term(Leadership leadership) {
    return leadership instanceof Leadership.Leader leader ? leader.epoch() : 0;
  }

  private Flux<?> repeated(LeaderDuty.Periodic duty, Leadership.Leader term) {
    return Flux.interval(Duration.ZERO, duty.interval(), scheduler)
        .onBackpressureDrop()
        .concatMap(tick -> once(duty, term), 0);
  }

  private Mono<Void> once(LeaderDuty.Periodic duty, Leadership.Leader term) {
    return Mono.defer(() -> runIfStillLeading(duty, term))
        .timeout(limit(duty.interval()), scheduler)
        .onErrorResume(
            error -> {
              failed(duty, term, error);
              return Mono.empty();
            });
  }

  /** The clock may have passed the lease although the timer has not fired yet: after a pause. */
  private Mono<Void> runIfStillLeading(LeaderDuty.Periodic duty, Leadership.Leader term) {
    return election.current() instanceof Leadership.Leader leader && leader.isSameTermAs(term)
        ? duty.run(leader)
        : Mono.empty();
  }

  private Flux<?> continued(LeaderDuty.Continuous duty, Leadership.Leader term) {
    Flux<?> performed = Flux.defer(() -> duty.perform(term));
    return performed
        .doOnError(error -> failed(duty, term, error))
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .transientErrors(true)
                .scheduler(scheduler)
                .filter(error -> !isFenced(error)))
        // Only FENCED comes here: the leadership is over, and this stream with it.
        .onErrorComplete();
  }

  private void failed(LeaderDuty duty, Leadership.Leader term, Throwable error) {
    failures.computeIfAbsent(duty.name(), name -> new LongAdder()).increment();
    if (isFenced(error)) {
      log.info("Duty {} was fenced; epoch {} is over", duty.name(), term.epoch());
      election.fenced(term.epoch());
    } else {
      log.warn("Duty {} failed and will be repeated: {}", duty.name(), error.toString());
    }
  }

  private static boolean isFenced(Throwable error) {
    return CoordinationException.is(error, ErrorCode.FENCED);
  }

  private static Duration limit(Duration interval) {
    return interval.compareTo(SHORTEST_LIMIT) > 0 ? interval : SHORTEST_LIMIT;
  }
}
