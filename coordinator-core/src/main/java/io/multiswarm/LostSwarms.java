package io.multiswarm;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells each handle when its swarm is lost: one listener for all of them, an entry for each that is
 * held.
 */
final class LostSwarms implements AttachedSwarms.Listener {

  private final Map<Ownership, Sinks.One<SwarmLost>> waiting = new ConcurrentHashMap<>();
  private final AttachedSwarms attached;

  LostSwarms(AttachedSwarms attached) {
    this.attached = attached;
    attached.listen(this);
  }

  /** When this ownership ends; at once when it has. */
  Mono<SwarmLost> of(Ownership ownership) {
    Sinks.One<SwarmLost> sink = waiting.computeIfAbsent(ownership, fresh -> Sinks.one());
    // Looked at after the entry is there: whoever lets go of the swarm later finds it.
    if (attached.find(ownership.swarmId()).filter(held -> isOf(held, ownership)).isEmpty()) {
      end(ownership, attached.find(ownership.swarmId()).isPresent() ? "taken over" : "other");
    }
    return sink.asMono();
  }

  @Override
  public void lost(AttachedSwarms.Held held, String reason) {
    end(held.ownership(), reason);
  }

  private void end(Ownership ownership, String reason) {
    Sinks.One<SwarmLost> sink = waiting.remove(ownership);
    if (sink != null) {
      sink.tryEmitValue(SwarmLost.of(ownership, reason)); // the only emission: it was removed
    }
  }

  private static boolean isOf(AttachedSwarms.Held held, Ownership ownership) {
    return held.ownership().equals(ownership);
  }
}
