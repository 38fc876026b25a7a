package io.multiswarm.internal.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Calls that wait until something in Redis has changed. A signal tells which; because signals can
 * be lost, one look now and then asks about all that is waited for. So a call that waits costs
 * nothing, however long it does.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Wakeups {

  private static final Logger log = LoggerFactory.getLogger(Wakeups.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final int IDS_A_LOOK = 500;

  private final Scheduler scheduler;
  private final Function<List<String>, Flux<String>> changed;
  private final DeadlineTimer looks;
  private final Map<String, Set<Waiting>> waiting = new ConcurrentHashMap<>();

  /** One call that waits; its sink is of the question that is under way or was answered last. */
  private static final class Waiting {
    private volatile Sinks.Empty<Void> wake = Sinks.empty();
    private volatile Optional<Duration> left = Optional.empty();
  }

  /**
   * @param changed tells which of the given ids, {@value #IDS_A_LOOK} at most, are to be asked for
   */
  public Wakeups(Scheduler scheduler, Function<List<String>, Flux<String>> changed) {
    this.scheduler = scheduler;
    this.changed = changed;
    this.looks = new DeadlineTimer(scheduler, NEVER, this::look);
  }

  /**
   * Asks at first, when the id is woken, and when the time is over that the last answer allows.
   *
   * @param pause how long an answer may be waited on; empty for the one that ends the waiting
   */
  public <T> Mono<T> until(String id, Mono<T> ask, Function<T, Optional<Duration>> pause) {
    return Mono.using(
        () -> join(id),
        one -> {
          // What wakes from the question on is about a later state than the answer's.
          Mono<T> once =
              Mono.defer(
                  () -> {
                    one.wake = Sinks.empty();
                    return ask.doOnNext(answer -> one.left = pause.apply(answer));
                  });
          return once.repeatWhen(answers -> answers.concatMap(any -> woken(one)))
              .filter(answer -> one.left.isEmpty())
              .next();
        },
        one -> leave(id, one));
  }

  private Mono<Boolean> woken(Waiting one) {
    Mono<Void> over = Mono.delay(one.left.orElse(LOOK), scheduler).then();
    return Mono.firstWithSignal(one.wake.asMono(), over).thenReturn(true);
  }

  /** Whoever waits for the id asks again. */
  public void wake(String id) {
    // Any result is right: OK wakes, and who was told before is told already.
    waiting.getOrDefault(id, Set.of()).forEach(one -> one.wake.tryEmitEmpty());
  }

  /** Signals may have been lost: all are looked at, at once. */
  public void signalsLost() {
    if (!waiting.isEmpty()) {
      looks.wakeWithin(Duration.ZERO);
    }
  }

  private Mono<Duration> look() {
    return Flux.fromIterable(List.copyOf(waiting.keySet()))
        .buffer(IDS_A_LOOK)
        .concatMap(changed)
        .doOnNext(this::wake)
        .then()
        .onErrorResume(
            error -> {
              log.debug("What is waited for was not looked at, but will be: {}", error.toString());
              return Mono.empty();
            })
        .then(Mono.fromSupplier(() -> waiting.isEmpty() ? NEVER : LOOK));
  }

  private Waiting join(String id) {
    Waiting one = new Waiting();
    waiting.compute(
        id,
        (any, present) -> {
          Set<Waiting> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(one);
          return all;
        });
    looks.wakeWithin(LOOK);
    return one;
  }

  private void leave(String id, Waiting one) {
    waiting.computeIfPresent(
        id,
        (any, present) -> {
          present.remove(one);
          return present.isEmpty() ? null : present;
        });
  }

  /** Whether anybody waits for the id. */
  public boolean isAwaited(String id) {
    return waiting.containsKey(id);
  }
}
