package io.multiswarm.server.tracing;

import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import reactor.core.publisher.Mono;

/**
 * Makes spans of a registry's observations and sends them to a collector by OTLP over HTTP, many in
 * one call. When it takes none, a bounded number waits, and what is beyond is dropped: nothing of
 * the node waits for it.
 */
public final class TraceExport {

  private static final String TRACES = "/v1/traces";

  private final ObservationRegistry registry = ObservationRegistry.create();
  private final SdkTracerProvider provider;

  /**
   * Begins to send.
   *
   * @param version of this program
   */
  public TraceExport(TraceSettings settings, String version) {
    String base = settings.endpoint().toString().replaceAll("/+$", "");
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        settings.service(),
                        AttributeKey.stringKey("service.version"),
                        version)));
    this.provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder().setEndpoint(base + TRACES).build())
                    .build())
            .build();
    observe(provider.get("io.multiswarm"));
  }

  private void observe(Tracer otel) {
    OtelTracer tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
    OtelPropagator propagator =
        new OtelPropagator(
            ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
    registry
        .observationConfig()
        .observationHandler(
            new FirstMatchingCompositeObservationHandler(
                new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                new DefaultTracingObservationHandler(tracer)));
  }

  /** What is observed there is sent. */
  public ObservationRegistry registry() {
    return registry;
  }

  /** Sends what waits, and ends. */
  public Mono<Void> stop() {
    return Mono.create(sink -> provider.shutdown().whenComplete(sink::success));
  }
}
