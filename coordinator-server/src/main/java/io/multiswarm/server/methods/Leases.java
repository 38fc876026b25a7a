package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import java.util.List;
import reactor.core.publisher.Mono;

/** The assignments that a swarm still has when it is attached again. */
@FunctionalInterface
public interface Leases {

  Leases NONE = owner -> Mono.just(List.of());

  Mono<List<Json>> of(Ownership owner);
}
