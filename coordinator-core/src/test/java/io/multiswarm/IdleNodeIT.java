package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** What swarms cost that do nothing, on a node with all its parts. */
@RedisTest
@Timeout(300)
class IdleNodeIT {

  private static final int SWARMS = 10_000;
  private static final int AT_ONCE = 64;
  private static final int MOST_COMMANDS_A_SECOND = 20;

  /** One round of heartbeats, which is the longest interval of all that a swarm costs. */
  private static final Duration WATCHED = Duration.ofSeconds(30);

  @Test
  void idleSwarms_tenThousandOnANode_costFewCommands(OwnedRedis redis) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(
            redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    try {
      node.initialize().block(Duration.ofSeconds(20));
      Flux.range(0, SWARMS)
          .flatMap(i -> node.createSwarm(NewSwarm.of("rest").withId("s" + i)), AT_ONCE)
          .then()
          .block(Duration.ofMinutes(3));
      try (CommandLog log = redis.commandLog()) {
        long until = System.nanoTime() + WATCHED.toNanos();
        await("a round of heartbeats", WATCHED.multipliedBy(2), () -> System.nanoTime() > until);

        int sent = log.sent().size();
        System.out.printf("%d idle swarms: %d commands in %s%n", SWARMS, sent, WATCHED);
        assertThat(sent).isLessThan(MOST_COMMANDS_A_SECOND * (int) WATCHED.toSeconds());
      }
    } finally {
      node.shutdown().block(Duration.ofMinutes(1));
    }
  }
}
