package io.multiswarm.internal.election;

import io.multiswarm.election.Election;
import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.election.Leadership;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What other threads see of an election.
 *
 * <p><b>Threading.</b> Written by the worker of {@link DefaultElection} alone, hence one emitter at
 * a time; read by all through one volatile reference.
 */
final class ElectionView {

  private static final Logger log = LoggerFactory.getLogger(ElectionView.class);

  private record Seen(
      Leadership leadership, long changes, long newestEpoch, Duration confirmedAt) {}

  private final Sinks.Many<Leadership> changed = Sinks.many().replay().latest();
  private final String nodeId;
  private volatile Seen seen = new Seen(Leadership.VACANT, 0, 0, Duration.ZERO);

  ElectionView(String nodeId) {
    this.nodeId = nodeId;
    changed.tryEmitNext(Leadership.VACANT).orThrow();
  }

  /** As {@link Election#leadership}. */
  Flux<Leadership> leadership() {
    return changed.asFlux().onBackpressureLatest();
  }

  /** As {@link Election#current}. */
  Leadership at(Duration now) {
    Leadership latest = seen.leadership();
    return latest instanceof Leadership.Leader leader && now.compareTo(leader.validUntil()) >= 0
        ? Leadership.VACANT
        : latest;
  }

  ElectionStatistics statistics(Duration now, long scripts, long failures) {
    Seen latest = seen;
    boolean vacant = latest.leadership() instanceof Leadership.Vacant;
    return new ElectionStatistics(
        at(now) instanceof Leadership.Leader,
        latest.changes(),
        latest.newestEpoch(),
        vacant ? Duration.ZERO : now.minus(latest.confirmedAt()),
        scripts,
        failures);
  }

  void show(KnownLeases known) {
    Leadership now = known.current();
    Leadership before = seen.leadership();
    seen = new Seen(now, known.epochs().changes(), known.epochs().newest(), known.confirmedAt());
    if (!now.equals(before)) {
      report(now, before);
      // One emitter, and the sink keeps one item: it cannot fail before the end.
      changed.tryEmitNext(now).orThrow();
    }
  }

  /** Nobody leads here any more, and nothing follows. */
  void end() {
    seen = new Seen(Leadership.VACANT, seen.changes(), seen.newestEpoch(), Duration.ZERO);
    changed.tryEmitNext(Leadership.VACANT).orThrow();
    changed.tryEmitComplete().orThrow();
  }

  private void report(Leadership now, Leadership before) {
    if (!(now instanceof Leadership.Leader leader && leader.isSameTermAs(before))) {
      log.info("Node {} {}", nodeId, words(now));
    }
  }

  private static String words(Leadership leadership) {
    if (leadership instanceof Leadership.Leader leader) {
      return "leads, in the name of swarm " + leader.swarmId() + ", epoch " + leader.epoch();
    }
    if (leadership instanceof Leadership.Follower follower) {
      return "follows swarm " + follower.swarmId() + ", epoch " + follower.epoch();
    }
    return "sees no leader";
  }
}
