package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.judge.TaskLedger;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Asks the server what became of tasks that were accepted and not completed. */
final class Inquest {

  private static final int MOST = 5;

  private final SwarmClient client;
  private final TaskNames names;
  private final TaskLedger ledger;

  Inquest(SwarmClient client, TaskNames names, TaskLedger ledger) {
    this.client = client;
    this.names = names;
    this.ledger = ledger;
  }

  /** A line about each of the first such tasks. */
  Mono<List<String>> held() {
    return Flux.defer(() -> Flux.fromIterable(ledger.openTasks(MOST)))
        .concatMap(number -> ask(names.of(number)))
        .collectList();
  }

  private Mono<String> ask(String task) {
    return client
        .request("task.get", Map.of("taskId", task))
        .map(answer -> describe(task, answer.path("task")))
        .onErrorResume(
            Fault.class, fault -> Mono.just("%s: %s".formatted(task, fault.getMessage())));
  }

  private static String describe(String id, JsonNode task) {
    return "%s was accepted and is %s at %s after %s attempts: %s"
        .formatted(
            id,
            task.path("status").asString("without a status"),
            task.path("swarmId").asString("no swarm"),
            task.path("attempts"),
            task.path("history"));
  }
}
