package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a node observes when it was given a registry, by a handler that traces as Micrometer's. */
@RedisTest
class TracingIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final ObservationRegistry registry = ObservationRegistry.create();
  private final List<Span> ended = new CopyOnWriteArrayList<>();
  private MultiSwarmCoordination node;
  private SwarmCoordinator swarm;

  private record Span(String name, String trace, String outcome) {}

  /** Gives each observation a trace: its parent's, or that of its traceparent, or a new one. */
  private final class Tracer implements ObservationHandler<Observation.Context> {
    private final AtomicLong ids = new AtomicLong();

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }

    @Override
    public void onStart(Observation.Context context) {
      String trace = "%032x".formatted(ids.incrementAndGet());
      if (context instanceof ReceiverContext<?> from && read(from) != null) {
        trace = Objects.requireNonNull(read(from)).split("-")[1];
      } else if (context.getParentObservation() != null) {
        trace = context.getParentObservation().getContextView().getRequired("trace");
      }
      context.put("trace", trace);
      if (context instanceof SenderContext<?> to) {
        write(to, "00-%s-%016x-01".formatted(trace, ids.incrementAndGet()));
      }
    }

    private static <C> String read(ReceiverContext<C> from) {
      return from.getGetter().get(from.getCarrier(), "traceparent");
    }

    private static <C> void write(SenderContext<C> to, String traceparent) {
      to.getSetter().set(to.getCarrier(), "traceparent", traceparent);
    }

    @Override
    public void onStop(Observation.Context context) {
      var outcome = context.getLowCardinalityKeyValue("outcome");
      ended.add(
          new Span(
              context.getName(),
              context.getRequired("trace"),
              outcome == null ? "" : outcome.getValue()));
    }
  }

  @BeforeEach
  void begin(TestRedis redis) {
    registry.observationConfig().observationHandler(new Tracer());
    ConnectOptions options = ConnectOptions.of(redis.uri()).withObservationRegistry(registry);
    node =
        done(
            MultiSwarmCoordination.connect(
                options.withCoordination(options.coordination().withFleet(redis.fleet()))));
    swarm = done(node.createSwarm(NewSwarm.of("trace"))).coordinator();
  }

  @AfterEach
  void end() {
    node.shutdown().block(SOON);
  }

  private static <T> T done(Mono<T> call) {
    return Objects.requireNonNull(call.block(SOON));
  }

  private Span ended(String name) {
    return Await.awaitValue(
            name + " in " + ended,
            SOON,
            () -> ended.stream().filter(span -> span.name().equals(name)).toList(),
            found -> !found.isEmpty())
        .get(0);
  }

  @Test
  void attempt_ofATask_isInTheTraceOfItsSubmission() {
    swarm
        .work(
            1,
            task ->
                Mono.deferContextual(
                    context -> {
                      Observation attempt = context.get("micrometer.observation");
                      return Mono.just(Json.of(attempt.getContextView().getName()));
                    }))
        .subscribe();

    Json result = done(swarm.submit(NewTask.of("x")).flatMap(handle -> handle.result()));

    assertThat(result.text()).isEqualTo("multiswarm.task.attempt");
    Span attempt = ended("multiswarm.task.attempt");
    assertThat(attempt.trace()).isEqualTo(ended("multiswarm.task.submit").trace());
    assertThat(attempt.outcome()).isEqualTo("completed");
  }

  @Test
  void submission_withinAnObservation_isItsChild() {
    Observation outer = Observation.start("outer", registry);

    done(
        swarm
            .submit(NewTask.builder("x").id("t1").build())
            .contextWrite(context -> context.put("micrometer.observation", outer)));

    outer.stop();
    assertThat(ended("multiswarm.task.submit").trace()).isEqualTo(ended("outer").trace());
    String traceparent = done(node.tasks().get("t1")).spec().members().get("metadata").toString();
    assertThat(traceparent).contains(ended("outer").trace());
  }

  @Test
  void task_ofATraceAlready_staysInIt() {
    done(swarm.submit(NewTask.builder("x").id("t1").traceparent(GIVEN).build()));

    assertThat(ended("multiswarm.task.submit").trace()).isEqualTo(GIVEN.split("-")[1]);
    assertThat(done(node.tasks().get("t1")).spec().members().get("metadata"))
        .isEqualTo(Json.of(Map.of("traceparent", GIVEN)));
  }

  @Test
  void message_heard_isInTheTraceOfItsSending() {
    List<Message> heard = new CopyOnWriteArrayList<>();
    Listening listening = swarm.onMessage("news", (payload, message) -> heard.add(message));
    listening.ready().block(SOON);

    done(swarm.send(swarm.swarmId(), NewMessage.of("news", 1)));

    Span handled = ended("multiswarm.message.handle");
    assertThat(handled.trace()).isEqualTo(ended("multiswarm.message.send").trace());
    assertThat(heard.get(0).metadata().members().get("traceparent").text())
        .contains(handled.trace());
    listening.dispose();
  }
}
