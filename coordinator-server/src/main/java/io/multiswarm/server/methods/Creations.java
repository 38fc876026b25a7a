package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.server.session.Latest;
import io.multiswarm.server.session.Session;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What a session asked to create without learning whether it was. The swarm may be there, with a
 * key that nobody was told; so a client that repeats its call, as it must, makes the same
 * registration once more and is given the swarm and its key.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class Creations {

  /** What was asked for, and the registration of it, which has its own key. */
  record Asked(NewSwarm swarm, Mono<Registration> registration) {}

  private final Map<String, Asked> inDoubt = new Latest<>();

  static Creations of(Session session) {
    return session.part(Creations.class, any -> new Creations());
  }

  /** The one in doubt when this is its repetition, else a new one. */
  Asked ask(NewSwarm swarm, SwarmRegistry registry) {
    Asked before = swarm.id() == null ? null : inDoubt.get(swarm.id());
    return before != null && before.swarm().equals(swarm)
        ? before
        : new Asked(swarm, registry.register(swarm));
  }

  /** The client is told the key. */
  void answered(Asked asked) {
    String id = asked.swarm().id();
    if (id != null) {
      inDoubt.remove(id, asked);
    }
  }

  void failed(Asked asked, Throwable error) {
    String id = asked.swarm().id();
    if (id == null) {
      return;
    }
    if (CoordinationException.is(error, ErrorCode.UNAVAILABLE)) {
      inDoubt.putIfAbsent(id, asked);
    } else if (CoordinationException.is(error, ErrorCode.ALREADY_EXISTS)) {
      inDoubt.remove(id, asked);
    }
  }
}
