package io.multiswarm.internal.duties;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.LateErrors;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.node.Periodic;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Runs the duties of an office while this node holds it. Each is a stream of its own: it begins
 * when a term does, is cancelled when the office passes or can no longer be proved, and neither
 * waits for nor fails with the others.
 *
 * <p>A run that fails is logged, counted in {@link #failures} and followed by the next; only {@code
 * FENCED} is final, because a lost office does not come back.
 *
 * <p><b>Threading.</b> Safe for concurrent use. Duties begin on the injected scheduler.
 */
public final class Duties<T> {

  private static final Logger log = LoggerFactory.getLogger(Duties.class);

  /** A run that neither ends nor fails is given up, so that the next can begin. */
  private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Office<T> office;
  private final Scheduler scheduler;
  private final Disposable.Composite running = Disposables.composite();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  public Duties(Office<T> office, Scheduler scheduler) {
    this.office = office;
    this.scheduler = scheduler;
  }

  /** Performs a duty from now on, whenever this node holds the office. */
  public void add(Duty.Periodic<T> duty) {
    duringTerms(term -> repeated(duty, term));
  }

  /** As {@link #add(Duty.Periodic)}. */
  public void add(Duty.Continuous<T> duty) {
    duringTerms(term -> continued(duty, term));
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

  private void duringTerms(Function<T, Flux<?>> work) {
    running.add(
        office
            .terms()
            .switchMap(term -> term.<Flux<?>>map(work).orElseGet(Flux::empty))
            // One duty is fenced and the others are cancelled with it, while they are told the
            // same.
            .contextWrite(LateErrors::noted)
            .subscribe());
  }

  private Flux<?> repeated(Duty.Periodic<T> duty, T term) {
    return Periodic.every(duty.interval(), scheduler)
        .givenUpAfter(limit(duty.interval()))
        .onFailure(error -> failed(duty, term, error))
        .perform(() -> runIfStillHeld(duty, term));
  }

  /** The clock may have passed the end of the term although no timer has fired: after a pause. */
  private Mono<Void> runIfStillHeld(Duty.Periodic<T> duty, T term) {
    return office.stillHeld(term).map(duty::run).orElseGet(Mono::empty);
  }

  private Flux<?> continued(Duty.Continuous<T> duty, T term) {
    Flux<?> performed = Flux.defer(() -> duty.perform(term));
    return performed
        .doOnError(error -> failed(duty, term, error))
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .transientErrors(true)
                .scheduler(scheduler)
                .filter(error -> !isFenced(error)))
        // Only FENCED comes here: the term is over, and this stream with it.
        .onErrorComplete();
  }

  private void failed(Duty<T> duty, T term, Throwable error) {
    failures.computeIfAbsent(duty.name(), name -> new LongAdder()).increment();
    if (isFenced(error)) {
      log.info("Duty {} was fenced; {} is over", duty.name(), term);
      office.fenced(term);
    } else {
      PassingFailures.tell(log, "Duty " + duty.name() + " failed and will be repeated", error);
    }
  }

  private static boolean isFenced(Throwable error) {
    return CoordinationException.is(error, ErrorCode.FENCED);
  }

  private static Duration limit(Duration interval) {
    return interval.compareTo(SHORTEST_LIMIT) > 0 ? interval : SHORTEST_LIMIT;
  }
}
