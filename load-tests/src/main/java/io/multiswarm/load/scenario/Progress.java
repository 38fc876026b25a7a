package io.multiswarm.load.scenario;

import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lines about something that is under way. */
public final class Progress {

  private final Flux<Long> lines;

  private Progress(Flux<Long> lines) {
    this.lines = lines;
  }

  /** One line each interval, numbered by the time that has passed. */
  public static Progress each(Duration interval, ScenarioContext context, Supplier<String> line) {
    return new Progress(
        Flux.interval(interval, context.clock())
            .onBackpressureDrop()
            .doOnNext(
                tick ->
                    context.say(
                        "%4d s  %s%n", interval.multipliedBy(tick + 1).toSeconds(), line.get())));
  }

  /** Runs {@code work} and prints until it ends. */
  public Mono<Void> during(Mono<Void> work) {
    return Mono.firstWithSignal(work, lines.then());
  }
}
