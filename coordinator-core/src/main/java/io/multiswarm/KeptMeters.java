package io.multiswarm;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** A registry, and what of it is ours. */
final class KeptMeters {

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();

  KeptMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  MeterRegistry registry() {
    return registry;
  }

  <T extends Meter> T kept(T meter) {
    meters.add(meter);
    return meter;
  }

  /** Ours alone. */
  void remove() {
    meters.forEach(registry::remove);
  }
}
