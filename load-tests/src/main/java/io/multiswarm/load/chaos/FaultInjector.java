package io.multiswarm.load.chaos;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets one fault after the other happen, each when so much is done. */
final class FaultInjector {

  /** Whatever takes longer than that does not come any more. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ChaosContext context;
  private final Strikes strikes;
  private final TaskNumbers numbers;

  FaultInjector(ChaosContext context, Strikes strikes, TaskNumbers numbers) {
    this.context = context;
    this.strikes = strikes;
    this.numbers = numbers;
  }

  /**
   * Completes after the last fault. Tasks are held back meanwhile, so that none is the last before
   * that.
   */
  Mono<Void> strikeAll() {
    ChaosScenario.Plan plan = context.plan();
    List<PlannedFault> faults =
        PlannedFault.schedule(
            plan.faults().family().strikes(),
            plan.faults().count(),
            plan.tasks(),
            context.random());
    return Flux.range(0, faults.size())
        .concatMap(number -> strike(faults.get(number), number + 1, faults.size()), 1)
        .then(Mono.fromRunnable(() -> numbers.allow(plan.tasks())));
  }

  private Mono<Void> strike(PlannedFault fault, int number, int all) {
    return Mono.defer(
            () -> {
              numbers.allow(fault.after() + context.plan().crowd().unfinished());
              return strikes.until(() -> context.seen().completedCount() >= fault.after());
            })
        .then(
            Mono.defer(
                () -> {
                  context.scenario().mark(fault.strike().title());
                  return strikes.strike(fault.strike());
                }))
        .timeout(PATIENCE, context.clock())
        .onErrorMap(
            error ->
                new IllegalStateException(
                    "Fault %d of %d (%s): %s".formatted(number, all, fault.strike().title(), error),
                    error))
        .doOnSuccess(
            done -> context.scenario().say("%4d of %d  %s%n", number, all, fault.strike().title()));
  }
}
