package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.OnEviction;
import io.multiswarm.server.http.Readiness;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What {@code /readyz} asks: each question of every fleet, which is named where it is not ready.
 */
final class NodeReadiness {

  private final List<FleetNode> nodes;

  NodeReadiness(List<FleetNode> nodes) {
    this.nodes = nodes;
  }

  Readiness of(OnEviction onEviction, BooleanSupplier draining) {
    Readiness readiness =
        new Readiness()
            .check("redis-connections", unless(MultiSwarmCoordination::disconnection))
            .check("started", unless(MultiSwarmCoordination::obstacle))
            .check("redis-writes", each(MultiSwarmCoordination::probe))
            .check("not-draining", notDraining(draining));
    readiness.wish("redis-tells", unless(of -> told(of, InstallationReport::warnings)));
    // By the latest look; CONFIG SET may have changed it since the start.
    Mono<Void> keepsData = unless(of -> told(of, InstallationReport::problems));
    return onEviction == OnEviction.REFUSE
        ? readiness.check("redis-keeps-data", keepsData)
        : readiness.wish("redis-keeps-data", keepsData);
  }

  private static Optional<String> told(
      MultiSwarmCoordination of, Function<InstallationReport, List<String>> what) {
    return of.installation()
        .map(what)
        .filter(lines -> !lines.isEmpty())
        .map(lines -> String.join("; ", lines));
  }

  private static Mono<Void> notDraining(BooleanSupplier draining) {
    return Mono.defer(
        () ->
            draining.getAsBoolean()
                ? Mono.error(unavailable("the node is about to stop"))
                : Mono.empty());
  }

  private Mono<Void> unless(Function<MultiSwarmCoordination, Optional<String>> reason) {
    return each(
        of ->
            Mono.defer(
                () ->
                    Mono.justOrEmpty(reason.apply(of))
                        .flatMap(why -> Mono.error(unavailable(why)))));
  }

  private Mono<Void> each(Function<MultiSwarmCoordination, Mono<Void>> question) {
    if (nodes.size() == 1) {
      return question.apply(nodes.get(0).coordination());
    }
    return Flux.fromIterable(nodes)
        .flatMapSequential(
            node ->
                question
                    .apply(node.coordination())
                    .then(Mono.<String>empty())
                    .onErrorResume(
                        error -> Mono.just(node.named(String.valueOf(error.getMessage())))))
        .collectList()
        .flatMap(
            reasons ->
                reasons.isEmpty()
                    ? Mono.empty()
                    : Mono.error(unavailable(String.join("; ", reasons))));
  }

  private static CoordinationException unavailable(String why) {
    return CoordinationException.of(ErrorCode.UNAVAILABLE, "%s", why);
  }
}
