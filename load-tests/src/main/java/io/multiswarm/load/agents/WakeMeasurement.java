package io.multiswarm.load.agents;

import io.multiswarm.load.agents.AgentDoor.NoAnswerException;
import io.multiswarm.load.agents.AgentDoor.ToolRefusedException;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RunningServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** Many agents wait, and one after the other is sent a message. What Redis does meanwhile. */
final class WakeMeasurement {

  private static final Duration REST = Duration.ofSeconds(10);
  private static final int SAMPLES = 500;
  private static final int BETWEEN_SAMPLES_MS = 10;
  private static final int JOINING_AT_ONCE = 16;
  private static final int PATIENCE_SECONDS = 60;
  private static final double MOST_MS = 50;

  /** Beyond which waiting agents cost more of Redis than their number explains. */
  private static final double MOST_ROUND_TRIPS = 15;

  private final ScenarioContext context;
  private final ServerSlots slots;
  private final int agents;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong ids = new AtomicLong();

  /** One that waits. */
  private record Waiting(URI server, JsonNode joined, CompletableFuture<Long> woken) {}

  WakeMeasurement(ScenarioContext context, ServerSlots slots, URI redis, int agents) {
    this.context =
        new ScenarioContext(
            new RunningServer(Objects.requireNonNull(slots.any().block()), Optional.of(redis)),
            context.connector(),
            context.clock(),
            context.out(),
            context.timeline(),
            context.began());
    this.slots = slots;
    this.agents = agents;
  }

  void run(Report report) throws InterruptedException {
    context.say("%nagents: %,d wait%n", agents);
    CostMeter.Costs alone = atRest();
    List<Waiting> waiting = joined();
    // The first calls of all are still on their way.
    Thread.sleep(REST.toMillis() / 2);
    CostMeter.Costs beside = atRest();
    Latencies latencies = new Latencies();
    wake(waiting, latencies);
    var total = latencies.total();
    report
        .section("waiting")
        .row("agents", agents)
        .row("commands of Redis a second, without them", alone.allCommands())
        .row("commands of Redis a second, with them", beside.allCommands())
        .row("round trips a second, without them", alone.roundTrips())
        .row("round trips a second, with them", beside.roundTrips())
        .row("woken after", total);
    if (beside.roundTrips() > alone.roundTrips() + MOST_ROUND_TRIPS) {
      report.defect(
          "%d agents that wait cost %.0f round trips to Redis a second"
              .formatted(agents, beside.roundTrips() - alone.roundTrips()));
    }
    report
        .percentile99("waiting", "woken after")
        .ifPresent(
            millis -> {
              if (millis > MOST_MS) {
                report.defect("one in a hundred is woken after %.1f ms".formatted(millis));
              }
            });
  }

  private CostMeter.Costs atRest() throws InterruptedException {
    CostMeter meter = Objects.requireNonNull(CostMeter.start(context).block());
    Thread.sleep(REST.toMillis());
    return Objects.requireNonNull(meter.perThing(REST.toSeconds()).block());
  }

  private List<Waiting> joined() throws InterruptedException {
    List<Waiting> waiting = new ArrayList<>();
    for (int first = 0; first < agents; first += JOINING_AT_ONCE) {
      List<CompletableFuture<Waiting>> joining = new ArrayList<>();
      for (int i = first; i < Math.min(agents, first + JOINING_AT_ONCE); i++) {
        URI server = slots.all().get(i % slots.all().size()).url().orElseThrow();
        joining.add(
            join(server)
                .thenApply(joined -> new Waiting(server, joined, next(server, joined, joined))));
      }
      for (CompletableFuture<Waiting> one : joining) {
        waiting.add(awaited(one));
      }
    }
    return waiting;
  }

  /** Under another name when the outcome is unknown: a busy machine may let Redis wait. */
  private CompletableFuture<JsonNode> join(URI server) {
    return called(server, "join", Map.of("name", "sleeper-" + ids.incrementAndGet()))
        .exceptionallyCompose(failed -> join(server));
  }

  /** The moment at which the call is answered. */
  private CompletableFuture<Long> next(URI server, JsonNode joined, JsonNode former) {
    return called(
            server,
            "next",
            Map.of(
                "handle", joined.path("handle").asString(),
                "cursor", former.path("cursor").asString(),
                "waitSeconds", 50))
        .thenCompose(
            news ->
                news.has("messages")
                    ? CompletableFuture.completedFuture(System.nanoTime())
                    : next(server, joined, news));
  }

  private void wake(List<Waiting> waiting, Latencies latencies) throws InterruptedException {
    JsonNode sender = awaited(join(waiting.get(0).server()));
    for (int i = 0; i < Math.min(SAMPLES, waiting.size()); i++) {
      Waiting one = waiting.get(i);
      Thread.sleep(BETWEEN_SAMPLES_MS);
      long sent = System.nanoTime();
      var sending =
          called(
              waiting.get(0).server(),
              "send",
              Map.of(
                  "handle",
                  sender.path("handle").asString(),
                  "to",
                  one.joined().path("name").asString(),
                  "text",
                  "wake"));
      latencies.record(awaited(one.woken()) - sent);
      awaited(sending);
    }
  }

  private CompletableFuture<JsonNode> called(
      URI server, String tool, Map<String, Object> arguments) {
    return http.sendAsync(HttpDoor.request(server, ids, tool, arguments), BodyHandlers.ofString())
        .thenCompose(
            response -> {
              try {
                return CompletableFuture.completedFuture(AgentDoor.result(HttpDoor.read(response)));
              } catch (NoAnswerException | ToolRefusedException refused) {
                return CompletableFuture.failedFuture(refused);
              }
            });
  }

  private static <T> T awaited(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("An agent that waits was not served: " + failed, failed);
    }
  }
}
