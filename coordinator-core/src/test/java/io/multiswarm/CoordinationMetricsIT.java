package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

@RedisTest
class CoordinationMetricsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static <T> T get(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(PATIENCE));
  }

  @Test
  void meters_inTheRegistryThatWasGiven_recordUntilTheShutdown(TestRedis redis) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ConnectOptions options =
        ConnectOptions.of(redis.uri())
            .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet()))
            .withMeterRegistry(registry);
    MultiSwarmCoordination node = get(MultiSwarmCoordination.connect(options));
    SwarmCoordinator swarm = get(node.createSwarm(NewSwarm.of("o"))).coordinator();
    Disposable working =
        swarm
            .work(
                1,
                task ->
                    task.attempt() > 1
                        ? Mono.just(Json.of("done"))
                        : Mono.error(new IllegalStateException("once more")))
            .subscribe();

    get(swarm.submit(NewTask.of("d")).flatMap(TaskHandle::result));

    await(
        "the report is counted",
        PATIENCE,
        () ->
            registry.get("multiswarm.tasks.run").tag("outcome", "completed").timer().count() == 1);
    await(
        "both waits are counted",
        PATIENCE,
        () ->
            Stream.of("first", "later")
                .map(attempt -> registry.get("multiswarm.tasks.wait").tag("attempt", attempt))
                .allMatch(waits -> waits.timer().count() == 1));
    assertThat(registry.get("multiswarm.tasks.wait").tag("attempt", "first").timer().max(HOURS))
        .isLessThan(1);
    await(
        "the fleet is read",
        PATIENCE,
        () -> !Double.isNaN(registry.get("multiswarm.tasks.pending").gauge().value()));
    assertThat(registry.get("multiswarm.redis.connected").gauge().value()).isOne();
    assertThat(registry.get("multiswarm.leader.lease.margin.seconds").gauge().value()).isPositive();
    working.dispose();
    node.shutdown().block(PATIENCE);
    assertThat(registry.getMeters()).isEmpty();
  }
}
