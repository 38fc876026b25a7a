package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.Tasking;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Submits tasks on whatever server there is, and each again until it is accepted. */
final class SubmitterSession {

  private static final int AT_ONCE = 32;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  /** So that only what is not to end by itself ends the tasks of the dead. */
  private static final String TERMS = "\"maxAttempts\":1000,\"timeoutMs\":2000";

  private final ChaosContext context;
  private final TaskNumbers numbers;
  private final String terms;

  /**
   * @param strategy by which its tasks are distributed; empty for the servers' own choice
   */
  SubmitterSession(ChaosContext context, TaskNumbers numbers, String strategy) {
    this.context = context;
    this.numbers = numbers;
    this.terms = strategy.isEmpty() ? TERMS : TERMS + ",\"strategy\":\"" + strategy + "\"";
  }

  /** Completes when all tasks are accepted. */
  Mono<Void> run() {
    return Mono.defer(context.slots()::any)
        .flatMap(url -> context.scenario().connector().connect(url))
        .flatMap(this::session)
        .onErrorResume(context.seen()::sessionLost)
        .then(Mono.delay(ChaosContext.BETWEEN_ATTEMPTS, context.clock()))
        .repeat(() -> !numbers.areAllAccepted())
        .then();
  }

  private Mono<Void> session(SwarmClient client) {
    var tasking = new Tasking(client, context.data(), terms);
    return client
        .open()
        .thenMany(Flux.range(0, AT_ONCE).flatMap(any -> submissions(client, tasking), AT_ONCE))
        .then()
        .doFinally(end -> client.cut());
  }

  /** One after the other. */
  private Mono<Void> submissions(SwarmClient client, Tasking tasking) {
    return Mono.defer(
            () -> {
              Long number = numbers.take(context.plan().crowd().unfinished());
              return number == null
                  ? Mono.delay(LOOK_AGAIN, client.scheduler()).then()
                  : submit(number, tasking);
            })
        .repeat(() -> !numbers.areAllAccepted())
        .then();
  }

  private Mono<Void> submit(long number, Tasking tasking) {
    return tasking
        .submit("", context.names().of(number), new Stamp(0, number, context.now()))
        .retryWhen(context.whilePassing())
        .doOnError(Fault.class, context.seen()::unexpected)
        .doOnSuccess(accepted -> context.seen().accepted(number))
        .doFinally(
            end -> {
              if (end != SignalType.ON_COMPLETE) {
                context.seen().submissionUnanswered();
                numbers.giveBack(number);
              }
            });
  }
}
