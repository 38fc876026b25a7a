package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.auth.TestRights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A registry that knows the ids it is told. */
public final class FakeCustody implements SwarmCustody {

  public final Set<String> registered = new HashSet<>();
  public final List<String> letGo = new ArrayList<>();

  /** A single fleet that has this registry, and where nothing can be called. */
  public Fleets fleet() {
    return fleet(MethodTable.of(List.of(), TestRights.rights().build(), TestRights.NO_TASKS));
  }

  /** A single fleet that has this registry. */
  public Fleets fleet(MethodTable methods) {
    return new Fleets(List.of(new Fleet("", "node-1", methods, this, new Holders())));
  }

  @Override
  public Mono<Void> requireRegistered(String swarmId) {
    return registered.contains(swarmId)
        ? Mono.empty()
        : Mono.error(CoordinationException.of(ErrorCode.NOT_FOUND, "swarm: %s", swarmId));
  }

  @Override
  public Mono<Void> letGo(Collection<Ownership> held, boolean goodbye) {
    held.forEach(
        swarm -> letGo.add(swarm.swarmId() + '/' + swarm.incarnation() + (goodbye ? " bye" : "")));
    return Mono.empty();
  }
}
