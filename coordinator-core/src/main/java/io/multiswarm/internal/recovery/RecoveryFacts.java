package io.multiswarm.internal.recovery;

import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What other parts know of swarms that are recovered. */
public interface RecoveryFacts {

  /** By swarm id; what is not in it has none. One call for all, because it reads the ledger. */
  Mono<Map<String, TaskFacts>> tasks(Collection<String> swarmIds);

  /** What the swarm has now, and what it lost by being gone. */
  Mono<ResourceFacts> resources(String swarmId);
}
