package io.multiswarm;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.state.SwarmState;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The examples of docs/embedding.md, compiled and run; a test keeps both the same. */
final class EmbeddingExamples {

  private EmbeddingExamples() {}

  static Mono<List<String>> program(ConnectOptions options) {
    // program begins
    return Mono.usingWhen(
        MultiSwarmCoordination.connect(options),
        node ->
            Mono.zip(
                    node.createSwarm(NewSwarm.of("Review code").withId("reviewers")),
                    node.createSwarm(NewSwarm.of("Build a REST API").withId("builders")))
                .flatMap(
                    swarms -> {
                      SwarmCoordinator reviewers = swarms.getT1().coordinator();
                      SwarmCoordinator builders = swarms.getT2().coordinator();
                      Disposable working =
                          reviewers
                              .work(4, task -> Mono.just(Json.of("ok " + task.taskId())))
                              .subscribe();
                      return Flux.range(1, 10)
                          .map(n -> NewTask.builder("Review file " + n).id("file-" + n).build())
                          .flatMap(builders::submit)
                          .flatMap(TaskHandle::result)
                          .map(Json::text)
                          .collectList()
                          .doFinally(end -> working.dispose());
                    }),
        MultiSwarmCoordination::shutdown);
    // program ends
  }

  static Mono<String> messages(SwarmCoordinator builders, SwarmCoordinator reviewers) {
    // messages begins
    Listening listening =
        reviewers.onMessage(
            "question",
            (payload, message) ->
                reviewers.reply(message, Json.of("yes, " + message.swarmId())).subscribe());
    return listening
        .ready() // from here on every acknowledged message is heard
        .then(
            builders.request(
                "reviewers", NewMessage.of("question", "May I merge?"), Duration.ofSeconds(10)))
        .map(reply -> reply.data().text())
        .doFinally(end -> listening.dispose());
    // messages ends
  }

  static Disposable leadership(SwarmCoordinator swarm, Consumer<Long> report) {
    // leadership begins
    return swarm
        .whileLeading(
            term -> Flux.interval(Duration.ofSeconds(1)).startWith(0L).map(tick -> term.epoch()))
        .doOnNext(report)
        .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)))
        .subscribe();
    // leadership ends
  }

  static Mono<SwarmState> state(MultiSwarmCoordination node, String swarmId, String key) {
    // state begins
    return node.attachSwarm(swarmId, key) // after a restart, with the key that createSwarm gave
        .flatMap(
            swarm ->
                swarm
                    .state()
                    .load()
                    .onErrorResume(
                        error -> CoordinationException.is(error, ErrorCode.NOT_FOUND),
                        nothing ->
                            swarm.state().save(Json.of(Map.of("step", 0))).then(Mono.empty()))
                    .then(swarm.state().update(Json.of(Map.of("step", 1)), null))
                    .flatMap(saved -> swarm.snapshots().create("before").thenReturn(saved)));
    // state ends
  }

  static Disposable lost(SwarmCoordinator swarm, Consumer<String> told) {
    // lost begins
    return swarm
        .lost()
        .subscribe(
            lost -> {
              switch (lost.reason()) {
                case TAKEN_OVER -> told.accept(lost.swarmId() + " goes on elsewhere");
                case DEREGISTERED -> told.accept(lost.swarmId() + " has ended");
                default -> told.accept(lost.swarmId() + " must be attached again");
              }
            });
    // lost ends
  }
}
