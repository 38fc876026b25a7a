package io.multiswarm.internal.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.multiswarm.common.Traceparent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** By Micrometer; its handlers make spans of the observations, and write and read traceparents. */
public final class MicrometerTracing implements Tracing {

  /** By which Micrometer's own bridge for Reactor finds the observation, too. */
  private static final String KEY = "micrometer.observation";

  private static final String OUTCOME = "outcome";

  private final ObservationRegistry registry;

  public MicrometerTracing(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public <T> Mono<T> sending(Sending what, Function<@Nullable String, Mono<T>> call) {
    return Mono.deferContextual(
        context -> {
          Map<String, String> carrier = new HashMap<>();
          String given = what.traceparent();
          Observation observation =
              given == null
                  ? started(what.name(), what.details(), () -> sender(carrier), parent(context))
                  : started(what.name(), what.details(), () -> receiver(given, Kind.SERVER), null);
          String passed = given == null ? carrier.get(Traceparent.NAME) : given;
          return Mono.defer(() -> call.apply(Traceparent.orNull(passed)))
              .doOnError(observation::error)
              .doFinally(end -> observation.stop())
              .contextWrite(inner -> inner.put(KEY, observation));
        });
  }

  @Override
  public Span begin(String name, Map<String, String> details, @Nullable String traceparent) {
    Observation observation =
        started(name, details, () -> receiver(traceparent, Kind.CONSUMER), null);
    return new Span() {
      @Override
      public void scoped(Runnable part) {
        observation.scoped(part);
      }

      @Override
      public void end(String outcome) {
        observation.lowCardinalityKeyValue(OUTCOME, outcome).stop();
      }

      @Override
      public Context into(Context context) {
        return context.put(KEY, observation);
      }
    };
  }

  private Observation started(
      String name,
      Map<String, String> details,
      Supplier<Observation.Context> context,
      @Nullable Observation parent) {
    Observation observation = Observation.createNotStarted(name, context, registry);
    details.forEach(observation::highCardinalityKeyValue);
    if (parent != null) {
      observation.parentObservation(parent);
    }
    return observation.start();
  }

  private static @Nullable Observation parent(ContextView context) {
    return context.getOrDefault(KEY, null);
  }

  private static SenderContext<Map<String, String>> sender(Map<String, String> carrier) {
    SenderContext<Map<String, String>> context =
        new SenderContext<>((to, name, value) -> carrier.put(name, value), Kind.PRODUCER);
    context.setCarrier(carrier);
    return context;
  }

  private static ReceiverContext<Map<String, String>> receiver(
      @Nullable String traceparent, Kind kind) {
    ReceiverContext<Map<String, String>> context =
        new ReceiverContext<>((from, name) -> from.get(name), kind);
    context.setCarrier(traceparent == null ? Map.of() : Map.of(Traceparent.NAME, traceparent));
    return context;
  }
}
