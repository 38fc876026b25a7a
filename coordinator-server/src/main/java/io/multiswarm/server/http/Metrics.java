package io.multiswarm.server.http;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.multiswarm.server.session.OneAtATime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What {@code /metrics} tells, in Prometheus's text format. Counts that somebody keeps anyway are
 * read when Prometheus asks. No label has as many values as there are swarms.
 */
public final class Metrics {

  private static final int MAX_WAITING = 1;
  private static final int IDLE_SECONDS = 60;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Scheduler reader =
      Schedulers.newBoundedElastic(1, MAX_WAITING, "multiswarm-metrics", IDLE_SECONDS, true);

  private final List<Mono<?>> readings = new CopyOnWriteArrayList<>();
  private final OneAtATime<String> exposition = new OneAtATime<>(Mono.defer(this::exposed));

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * Done before each exposition, for numbers that have to be asked for; the exposition waits for
   * its end, and an error is nothing but that.
   */
  public Metrics refreshedBy(Mono<?> reading) {
    readings.add(reading);
    return this;
  }

  /** For others' meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** For the meters of one of several that have the same: all of them get the label. */
  public MeterRegistry labelled(Label label) {
    CompositeMeterRegistry labelled = new CompositeMeterRegistry(Clock.SYSTEM, List.of(registry));
    labelled.config().commonTags(label.name(), label.value());
    return labelled;
  }

  /** A number that only grows; the exposition adds {@code _total} to its name. */
  public <T> Metrics counter(String name, String help, T owner, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, owner, count).description(help).register(registry);
    return this;
  }

  /** One of several counters of a name, which a label tells apart. */
  public <T> Metrics counter(
      String name, String help, Label label, T owner, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, owner, count)
        .description(help)
        .tags(label.name(), label.value())
        .register(registry);
    return this;
  }

  /**
   * What tells meters of a name apart.
   *
   * @param value one of few, and none from outside
   */
  public record Label(String name, String value) {}

  /** A number that comes and goes. */
  public <T> Metrics gauge(String name, String help, T owner, ToDoubleFunction<T> value) {
    Gauge.builder(name, owner, value).description(help).strongReference(true).register(registry);
    return this;
  }

  /** An exposition, which all who ask meanwhile share: a crowd costs what one costs. */
  Mono<String> scrape() {
    return exposition.mono();
  }

  /** Off the event loop, because some numbers are read from files of the kernel. */
  private Mono<String> exposed() {
    return Flux.fromIterable(readings)
        .flatMap(reading -> reading.then().onErrorComplete())
        .then(Mono.fromCallable(registry::scrape).subscribeOn(reader));
  }

  /** Takes locks: not for Netty's threads. */
  void close() {
    registry.close();
    reader.dispose();
  }
}
