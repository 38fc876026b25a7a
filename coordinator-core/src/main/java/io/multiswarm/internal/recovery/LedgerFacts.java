package io.multiswarm.internal.recovery;

import io.multiswarm.internal.tasks.queue.TaskTrace;
import io.multiswarm.internal.tasks.queue.TaskTraces;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Facts from the ledger of tasks: from its newest, as many as {@link TaskTraces} looks at. What a
 * swarm had to do with older ones is not known.
 */
public final class LedgerFacts implements RecoveryFacts {

  private final Function<List<String>, Flux<TaskTrace>> tasks;
  private final Function<String, Mono<ResourceFacts>> resources;

  /**
   * @param tasks that some swarms have or had, {@link TaskTraces#MOST_SWARMS} of them at most
   * @param resources tells what a swarm holds
   */
  public LedgerFacts(
      Function<List<String>, Flux<TaskTrace>> tasks,
      Function<String, Mono<ResourceFacts>> resources) {
    this.tasks = tasks;
    this.resources = resources;
  }

  @Override
  public Mono<Map<String, TaskFacts>> tasks(Collection<String> swarmIds) {
    return Flux.fromIterable(swarmIds)
        .buffer(TaskTraces.MOST_SWARMS)
        .concatMap(this::facts)
        .collect(HashMap::new, Map::putAll);
  }

  private Mono<Map<String, TaskFacts>> facts(List<String> swarmIds) {
    return tasks
        .apply(swarmIds)
        .collect(() -> new TasksBySwarm(swarmIds), TasksBySwarm::add)
        .map(TasksBySwarm::facts);
  }

  @Override
  public Mono<ResourceFacts> resources(String swarmId) {
    return resources.apply(swarmId);
  }
}
