package io.multiswarm.load.faults;

import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Servers that a scenario starts, and may kill.
 *
 * @param lease of leadership and of nodes, and the grace of sessions, so that who is dead is found
 *     to be within it
 * @param flags what they are told beyond what the scenario tells them
 * @param topology of the Redis on which they are
 */
public record ServerPlan(
    int count, Duration lease, Path jar, List<String> flags, Topology topology) {

  private static final Duration SHORTEST = Duration.ofMillis(750);

  public ServerPlan {
    if (count < 2) {
      throw new IllegalArgumentException(
          "Somebody must be left to take over: at least two servers");
    }
    if (lease.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "A lease is at least %d ms, so that it can be renewed three times"
              .formatted(SHORTEST.toMillis()));
    }
  }

  /** A third of the lease, as the server demands. */
  public Duration interval() {
    return lease.dividedBy(3);
  }

  /** Starts one of them on a Redis. */
  public Mono<ServerProcess> start(URI redis, ScenarioContext context) {
    return ServerProcess.start(jar, redis, told(), context.http(), context.clock());
  }

  private List<String> told() {
    String millis = lease.toMillis() + "ms";
    List<String> all =
        new ArrayList<>(
            List.of(
                "--leader-lease",
                millis,
                "--election-interval",
                interval().toMillis() + "ms",
                "--node-lease",
                millis,
                "--session-grace",
                millis));
    all.addAll(flags);
    return all;
  }
}
