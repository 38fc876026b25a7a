package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.node.AttachedSwarms;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Turns the step that is due into its call, and the answer into what it means for the state. The
 * meaning is a {@link Runnable}, because it must be run where the state is confined to.
 */
final class ElectionCalls {

  private final String nodeId;
  private final LeaseStore store;
  private final ElectionState state;
  private final Supplier<Duration> clock;

  ElectionCalls(String nodeId, LeaseStore store, ElectionState state, Supplier<Duration> clock) {
    this.nodeId = nodeId;
    this.store = store;
    this.state = state;
    this.clock = clock;
  }

  /** Called where the state is confined to; the arguments are taken from it now. */
  Mono<Runnable> make(ElectionState.Step step) {
    Duration sent = clock.get();
    return switch (step) {
      case CAMPAIGN -> campaign(state.standing(), sent);
      case RENEW -> renew(state.known().ownEpoch(), sent);
      case RELEASE -> release(state.known().remainingEpoch());
      case LOOK -> look();
      case REST -> Mono.empty();
    };
  }

  boolean isHere(LeaderInfo leader) {
    return nodeId.equals(leader.node());
  }

  private Mono<Runnable> campaign(AttachedSwarms.Held candidate, Duration sent) {
    return store
        .campaign(candidate, state.nonces().of(candidate), state.known().epochs().newest())
        .map(answer -> () -> campaigned(candidate, answer, sent));
  }

  private void campaigned(AttachedSwarms.Held candidate, LeaseAnswer answer, Duration sent) {
    if (answer instanceof LeaseAnswer.Granted granted) {
      state.won(candidate.swarmId(), granted, sent, clock.get());
    } else if (answer instanceof LeaseAnswer.Held held) {
      state.told(held.leader(), isHere(held.leader()), clock.get());
    } else {
      state.denied(clock.get());
    }
  }

  private Mono<Runnable> renew(long epoch, Duration sent) {
    return store.renew(epoch).map(answer -> () -> renewed(epoch, answer, sent));
  }

  private void renewed(long epoch, LeaseAnswer answer, Duration sent) {
    if (answer instanceof LeaseAnswer.Granted granted) {
      state.renewed(granted, sent, clock.get());
    } else {
      state.renewalDenied(epoch, clock.get());
    }
  }

  private Mono<Runnable> release(long epoch) {
    return store.release(epoch).thenReturn(() -> state.released(epoch));
  }

  private Mono<Runnable> look() {
    return store
        .look()
        .<Runnable>map(leader -> () -> state.told(leader, isHere(leader), clock.get()))
        .defaultIfEmpty(state::toldVacant);
  }
}
