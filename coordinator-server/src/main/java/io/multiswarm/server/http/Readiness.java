package io.multiswarm.server.http;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether this node should be sent work: the outcome of a list of checks. */
public final class Readiness {

  /**
   * One condition.
   *
   * @param probe completes when it holds, fails with the reason when it does not
   */
  private record Check(String name, Mono<Void> probe) {}

  /** The outcome of a check; {@code failure} is null when its condition holds. */
  private record Outcome(String name, @Nullable String failure) {
    Json json() {
      return JsonObject.with("name", name)
          .and("ok", failure == null)
          .andPresent("reason", failure)
          .json();
    }
  }

  /** The answer of {@code /readyz}. */
  record Report(boolean ready, Json json) {}

  private final List<Check> checks = new ArrayList<>();

  public Readiness check(String name, Mono<Void> probe) {
    checks.add(new Check(name, probe));
    return this;
  }

  Mono<Report> report() {
    return Flux.fromIterable(checks)
        .flatMapSequential(Readiness::outcome)
        .collectList()
        .map(Readiness::report);
  }

  private static Mono<Outcome> outcome(Check check) {
    return check
        .probe()
        .thenReturn(new Outcome(check.name(), null))
        .onErrorResume(
            error -> Mono.just(new Outcome(check.name(), String.valueOf(error.getMessage()))));
  }

  private static Report report(List<Outcome> outcomes) {
    boolean ready = outcomes.stream().allMatch(outcome -> outcome.failure() == null);
    Json json =
        JsonObject.with("ready", ready)
            .and("checks", outcomes.stream().map(Outcome::json).toList())
            .json();
    return new Report(ready, json);
  }
}
