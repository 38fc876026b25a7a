package io.multiswarm;

import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The example of the README, compiled and run. */
final class ReadmeExample {

  private ReadmeExample() {}

  static Mono<Void> run(String redisUrl, List<String> heard) {
    // README begins
    MultiSwarmCoordination coordination = MultiSwarmCoordination.create(redisUrl);
    return coordination
        .initialize()
        .then(coordination.createSwarm(NewSwarm.of("Build a REST API").withId("builders")))
        .then(coordination.createSwarm(NewSwarm.of("Review it").withId("reviewers")))
        .doOnNext(
            reviewers ->
                reviewers
                    .coordinator()
                    .messenger()
                    .onMessage("review", (payload, envelope) -> heard.add(envelope.swarmId())))
        .then(
            coordination.sendMessage(
                "builders", "reviewers", NewMessage.of("review", Map.of("file", "Api.java"))))
        .then(coordination.getStatistics())
        .doOnNext(statistics -> heard.add("active: " + statistics.registry().activeSwarms()))
        .then(coordination.deregisterSwarm("builders", "completed"))
        .then(coordination.shutdown());
    // README ends
  }
}
