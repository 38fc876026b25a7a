package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.session.Session;
import java.util.List;
import reactor.core.publisher.Mono;

/** The assignments that a swarm still has when it is attached again. */
interface Leases {

  /** As many of them as an answer may have. */
  Mono<List<Json>> of(Ownership owner);

  /** Tells the session of the others, and of what comes; on the connection's thread. */
  void follow(Session session, Ownership owner);
}
