package io.multiswarm;

import io.multiswarm.common.Json;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import java.util.List;
import reactor.core.publisher.Mono;

/** The example of the README, compiled and run. */
final class ReadmeExample {

  private ReadmeExample() {}

  static Mono<Void> run(String redisUrl, List<String> heard) {
    // README begins
    return MultiSwarmCoordination.connect(redisUrl)
        .flatMap(
            node ->
                Mono.zip(
                        node.createSwarm(NewSwarm.of("Build a REST API")),
                        node.createSwarm(NewSwarm.of("Review it")))
                    .flatMap(
                        swarms -> {
                          SwarmCoordinator builders = swarms.getT1().coordinator();
                          SwarmCoordinator reviewers = swarms.getT2().coordinator();
                          reviewers
                              .work(4, task -> Mono.just(Json.of("reviewed by " + task.swarmId())))
                              .subscribe();
                          return reviewers
                              .listen("review") // emits when it hears
                              .flatMap(
                                  messages ->
                                      builders
                                          .send(
                                              reviewers.swarmId(),
                                              NewMessage.of("review", "Api.java"))
                                          .then(messages.next()))
                              .doOnNext(message -> heard.add(message.data().text()))
                              .then(builders.submit(NewTask.of("Review Api.java")))
                              .flatMap(TaskHandle::result)
                              .doOnNext(result -> heard.add(result.text()));
                        })
                    .then(node.shutdown()));
    // README ends
  }
}
