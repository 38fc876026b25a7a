package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisExamination.Finding;
import io.multiswarm.health.RedisExamination.Level;
import io.multiswarm.server.config.ServerConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a Redis promises the fleets of a configuration. */
final class Examinations {

  private Examinations() {}

  /**
   * All that the first fleet finds; of the others, which may be at other servers of a cluster, what
   * they find wrong and it does not.
   */
  static Mono<RedisExamination> of(ServerConfig config, Supplier<Instant> clock) {
    return Flux.fromIterable(config.fleets())
        .concatMap(
            fleet ->
                MultiSwarmCoordination.examine(Startup.options(config, fleet), clock)
                    .map(found -> new Examined(fleet, found.findings())))
        .reduce(List.<Finding>of(), Examinations::with)
        .map(RedisExamination::new);
  }

  private record Examined(String fleet, List<Finding> findings) {}

  private static List<Finding> with(List<Finding> known, Examined next) {
    if (known.isEmpty()) {
      return next.findings();
    }
    List<Finding> all = new ArrayList<>(known);
    for (Finding finding : next.findings()) {
      if (finding.level() != Level.OK && known.stream().noneMatch(other -> alike(finding, other))) {
        String text = FleetNode.named(next.fleet(), finding.text());
        all.add(new Finding(finding.name(), finding.level(), text, finding.advice()));
      }
    }
    return all;
  }

  private static boolean alike(Finding one, Finding other) {
    return one.name().equals(other.name()) && one.level() == other.level();
  }
}
