package io.multiswarm.server.http;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.multiswarm.server.session.CallMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Calls by method and outcome, and the messages that they come in. */
public final class CallMetrics implements CallMeter {

  /** From what Redis takes at best to what people wait for; waiting calls are beyond. */
  private static final Duration[] TIMES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final DistributionSummary received;
  private final DistributionSummary sent;
  private final Map<String, Map<String, Timer>> byMethod = new ConcurrentHashMap<>();

  public CallMetrics(Metrics metrics) {
    this.registry = metrics.registry();
    this.received = frames("received", "Messages of clients, by their size");
    this.sent = frames("sent", "Messages to clients, by their size");
  }

  private DistributionSummary frames(String direction, String help) {
    return DistributionSummary.builder("multiswarm.frames." + direction)
        .description(help)
        .baseUnit("bytes")
        .register(registry);
  }

  @Override
  public long now() {
    return registry.config().clock().monotonicTime();
  }

  @Override
  public void received(int bytes) {
    received.record(bytes);
  }

  @Override
  public void sent(int bytes) {
    sent.record(bytes);
  }

  @Override
  public void ended(String method, String outcome, long began) {
    byMethod
        .computeIfAbsent(method, name -> new ConcurrentHashMap<>())
        .computeIfAbsent(outcome, name -> timer(method, name))
        .record(Math.max(0, now() - began), TimeUnit.NANOSECONDS);
  }

  private Timer timer(String method, String outcome) {
    return Timer.builder("multiswarm.calls")
        .description("From a call to its answer")
        .tags("method", method, "outcome", outcome)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }
}
