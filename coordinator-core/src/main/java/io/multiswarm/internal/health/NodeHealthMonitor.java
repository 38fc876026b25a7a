package io.multiswarm.internal.health;

import io.multiswarm.health.NodeHealth;
import io.multiswarm.internal.node.LateErrors;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Measures a node's health every 30 s, the design's interval of health monitoring.
 *
 * <p>The delay of the scheduler is probed twice a second, so that a short stall is not missed
 * between two rounds; a round reports the worst probe since the one before.
 *
 * <p><b>Threading.</b> Safe for concurrent use: rounds follow each other and publish by one
 * volatile write; probes meet them in one atomic number.
 */
public final class NodeHealthMonitor {

  public static final Duration INTERVAL = Duration.ofSeconds(30);

  private static final Duration PROBE = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * What is measured.
   *
   * @param command a read on the connection for commands
   * @param control a read on the connection for election and liveness
   * @param sweepLag how late overdue things are noticed at the moment
   */
  public record Sources(Publisher<?> command, Publisher<?> control, Supplier<Duration> sweepLag) {}

  private final Sources sources;
  private final Scheduler scheduler;
  private final AtomicLong worstDelayNanos = new AtomicLong();
  private final Disposable.Composite running = Disposables.composite();
  private volatile NodeHealth latest = NodeHealth.UNKNOWN;

  public NodeHealthMonitor(Sources sources, Scheduler scheduler) {
    this.sources = sources;
    this.scheduler = scheduler;
  }

  public void start() {
    running.add(Mono.defer(this::probe).repeat().subscribe());
    running.add(
        Flux.interval(INTERVAL, scheduler)
            .onBackpressureDrop()
            .concatMap(tick -> measure(), 0)
            .contextWrite(LateErrors::noted)
            .subscribe(health -> latest = health));
  }

  public void stop() {
    running.dispose();
  }

  /** The last round's; all zero and unknown before the first. */
  public NodeHealth latest() {
    return latest;
  }

  private Mono<Long> probe() {
    long due = now() + PROBE.toNanos();
    return Mono.delay(PROBE, scheduler)
        .doOnNext(on -> worstDelayNanos.accumulateAndGet(now() - due, Math::max));
  }

  private Mono<NodeHealth> measure() {
    return Mono.zip(latency(sources.command()), latency(sources.control()))
        .map(
            latencies ->
                new NodeHealth(
                    Duration.ofNanos(worstDelayNanos.getAndSet(0)),
                    latencies.getT1().orElse(null),
                    latencies.getT2().orElse(null),
                    sources.sweepLag().get()));
  }

  /** Empty when there was no answer: that is the measurement, and no failure of measuring. */
  private Mono<Optional<Duration>> latency(Publisher<?> call) {
    return Mono.defer(
        () -> {
          long sent = now();
          return Flux.from(call)
              .timeout(LIMIT, scheduler)
              .then(Mono.fromSupplier(() -> Optional.of(Duration.ofNanos(now() - sent))))
              .onErrorReturn(Optional.empty());
        });
  }

  private long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }
}
