package io.multiswarm;

import io.micrometer.core.instrument.MeterRegistry;
import io.multiswarm.internal.node.Periodic;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Keeps the meters of a node in the registry that it was given, if it was, while it runs. */
final class Metering {

  private final MultiSwarmCoordination node;
  private final @Nullable MeterRegistry registry;
  private final Disposable.Swap running = Disposables.swap();

  Metering(MultiSwarmCoordination node, @Nullable MeterRegistry registry) {
    this.node = node;
    this.registry = registry;
  }

  void start() {
    if (registry == null) {
      return;
    }
    CoordinationMetrics metrics = CoordinationMetrics.of(node, registry);
    Disposable reading =
        Periodic.every(CoordinationMetrics.BETWEEN_READS, node.scheduler()).start(metrics::refresh);
    Disposable removal = metrics::remove;
    if (!running.update(Disposables.composite(reading, removal))) {
      removal.dispose(); // stopped meanwhile
    }
  }

  void stop() {
    running.dispose();
  }
}
