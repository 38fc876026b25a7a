package io.multiswarm.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.health.NodeHealth;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

class NodeHealthMonitorTest {

  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void endTime() {
    time.close();
  }

  private NodeHealthMonitor monitor(Publisher<?> command, Publisher<?> control) {
    NodeHealthMonitor monitor =
        new NodeHealthMonitor(
            new NodeHealthMonitor.Sources(command, control, () -> Duration.ofMillis(7)),
            time.scheduler());
    monitor.start();
    return monitor;
  }

  private Mono<Long> answerAfter(long ms) {
    return Mono.delay(Duration.ofMillis(ms), time.scheduler());
  }

  @Test
  void round_measuresBothConnectionsAndTheSweep() {
    NodeHealthMonitor monitor = monitor(answerAfter(3), answerAfter(2));
    time.advance(NodeHealthMonitor.INTERVAL);
    assertThat(monitor.latest()).isSameAs(NodeHealth.UNKNOWN);

    time.advance(Duration.ofMillis(3));

    assertThat(monitor.latest())
        .isEqualTo(
            new NodeHealth(
                Duration.ZERO, Duration.ofMillis(3), Duration.ofMillis(2), Duration.ofMillis(7)));
  }

  @Test
  void redisAway_isMeasuredAsNoLatency() {
    NodeHealthMonitor monitor =
        monitor(Mono.error(new IllegalStateException("away")), Mono.never());
    time.advance(Duration.ofSeconds(36));
    assertThat(monitor.latest().commandLatency()).isNull();
    assertThat(monitor.latest().controlLatency()).isNull();
  }

  @Test
  void tenFailingRounds_endNone() {
    AtomicInteger rounds = new AtomicInteger();
    monitor(
        Mono.defer(
            () -> {
              rounds.incrementAndGet();
              return Mono.error(new IllegalStateException("away"));
            }),
        Mono.empty());
    time.advance(NodeHealthMonitor.INTERVAL.multipliedBy(11));
    assertThat(rounds).hasValue(11);
  }
}
