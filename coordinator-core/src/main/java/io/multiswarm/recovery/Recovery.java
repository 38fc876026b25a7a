package io.multiswarm.recovery;

import io.multiswarm.common.Ownership;
import io.multiswarm.registry.Swarm;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Recovery of swarms.
 *
 * <p><b>Status.</b> By hand, an interrupted swarm becomes {@code recovering}, and {@code active}
 * when its owner attaches it; a swarm that is active already stays so. What the fleet does by
 * itself changes no status: the swarm stays {@code interrupted} until its owner attaches it,
 * because that nobody acts for it is what everybody else has to know; that it was recovered is told
 * by the event {@code swarm_recovered} and the statistics.
 */
public interface Recovery {

  /** All swarms of status interrupted. */
  Mono<List<Swarm>> discoverInterruptedSwarms();

  /**
   * Recovers one swarm. A swarm without any sound source gives a result without success and keeps
   * its status. {@code NOT_FOUND} for a swarm that is not registered, {@code FENCED} for a holder
   * that has lost it, {@code FAILED_PRECONDITION} for one that has ended.
   *
   * @param owner the holder, or an administrator
   */
  Mono<RecoveryResult> recoverSwarm(Ownership owner);

  /**
   * Recovers all that are interrupted, as an administrator.
   *
   * <p><b>Emission.</b> One result a swarm, as they come; a swarm that cannot be recovered, because
   * it was attached or ended meanwhile, gives none. <b>Completion.</b> With the last.
   * <b>Errors.</b> Those of Redis.
   */
  Flux<RecoveryResult> recoverAllInterrupted();
}
