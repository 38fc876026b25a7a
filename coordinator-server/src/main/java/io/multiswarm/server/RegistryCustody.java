package io.multiswarm.server;

import io.multiswarm.common.Ownership;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.server.session.SwarmCustody;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The registry as sessions need it; knows whether all swarms of ended sessions are let go. */
final class RegistryCustody implements SwarmCustody {

  private final SwarmRegistry registry;

  /** Those under way, and one for {@link #settled} not having been called. */
  private final AtomicInteger unsettled = new AtomicInteger(1);

  private final Sinks.Empty<Void> settled = Sinks.empty();

  RegistryCustody(SwarmRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Mono<Void> requireRegistered(String swarmId) {
    return registry.get(swarmId).then();
  }

  @Override
  public Mono<Void> letGo(Collection<Ownership> held, boolean goodbye) {
    return Mono.defer(
        () -> {
          unsettled.incrementAndGet();
          return registry
              .detach(held, goodbye ? Departure.GOODBYE : Departure.LOST)
              .doFinally(end -> oneSettled());
        });
  }

  /** Completes when what was let go before is written, or has failed. To be called once. */
  Mono<Void> settled() {
    oneSettled();
    return settled.asMono();
  }

  private void oneSettled() {
    if (unsettled.decrementAndGet() == 0) {
      // Reached once: nobody counts up from zero but sessions that end after the last one ended.
      settled.tryEmitEmpty();
    }
  }
}
