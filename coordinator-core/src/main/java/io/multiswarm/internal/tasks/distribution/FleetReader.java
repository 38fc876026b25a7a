package io.multiswarm.internal.tasks.distribution;

import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where the leader reads what it must know of the swarms. */
interface FleetReader {

  /** All that are attached. */
  Mono<List<Member>> members();

  /** Those of the ids that are attached. */
  Mono<List<Member>> members(Collection<String> swarmIds);
}
