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
   * @param required whether the node is not ready without it
   * @param probe completes when it holds, fails with the reason when it does not
   */
  private record Check(String name, boolean required, Mono<Void> probe) {}

  /** The outcome of a check; {@code failure} is null when its condition holds. */
  private record Outcome(Check check, @Nullable String failure) {
    boolean holds() {
      return failure == null;
    }

    boolean permits() {
      return holds() || !check.required();
    }

    Json json() {
      return JsonObject.with("name", check.name())
          .and("ok", holds())
          .andPresent("reason", failure)
          .json();
    }
  }

  /** The answer of {@code /readyz}. */
  record Report(boolean ready, Json json) {}

  private final List<Check> checks = new ArrayList<>();

  public Readiness check(String name, Mono<Void> probe) {
    return add(new Check(name, true, probe));
  }

  /** A condition without which the node is degraded, and is sent work all the same. */
  public Readiness wish(String name, Mono<Void> probe) {
    return add(new Check(name, false, probe));
  }

  private Readiness add(Check check) {
    checks.add(check);
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
        .thenReturn(new Outcome(check, null))
        .onErrorResume(error -> Mono.just(new Outcome(check, String.valueOf(error.getMessage()))));
  }

  private static Report report(List<Outcome> outcomes) {
    boolean ready = outcomes.stream().allMatch(Outcome::permits);
    Json json =
        JsonObject.with("ready", ready)
            .and("degraded", !outcomes.stream().allMatch(Outcome::holds))
            .and("checks", outcomes.stream().map(Outcome::json).toList())
            .json();
    return new Report(ready, json);
  }
}
