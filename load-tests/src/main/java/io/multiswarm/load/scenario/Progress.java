package io.multiswarm.load.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is told about something that is under way. */
public final class Progress {

  private final Flux<Long> lines;

  private Progress(Flux<Long> lines) {
    this.lines = lines;
  }

  /**
   * One line each interval: the time that has passed, how long it will take yet, and what {@code
   * line} says. In a terminal each takes the place of the one before.
   *
   * @param share of the work that is done, up to 1
   */
  public static Progress each(
      Duration interval, ScenarioContext context, DoubleSupplier share, Supplier<String> line) {
    return new Progress(
        Flux.interval(interval, context.clock())
            .onBackpressureDrop()
            .doOnNext(
                tick -> {
                  long passed = interval.multipliedBy(tick + 1).toSeconds();
                  context.progress(
                      "%4d s%s  %s"
                          .formatted(passed, left(passed, share.getAsDouble()), line.get()));
                }));
  }

  /** One line a second about something that takes so long, from now on. */
  public static Progress eachSecond(
      Duration whole, ScenarioContext context, Supplier<String> line) {
    return each(Duration.ofSeconds(1), context, of(whole, context), line);
  }

  static DoubleSupplier of(Duration whole, ScenarioContext context) {
    double began = context.seconds();
    return () -> (context.seconds() - began) * TimeUnit.SECONDS.toMillis(1) / whole.toMillis();
  }

  /** As if it went on as it did so far; nothing while that cannot be told. */
  static String left(long passed, double share) {
    return share <= 0
        ? ""
        : ", %d s left".formatted(Math.round(Math.max(0, passed / share - passed)));
  }

  /** Runs {@code work} and prints until it ends. */
  public Mono<Void> during(Mono<Void> work) {
    return Mono.firstWithSignal(work, lines.then());
  }
}
