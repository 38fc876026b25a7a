package io.multiswarm.load.suite;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Witness;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** A swarm that counts in its state, and recovers it on each server anew. */
final class SavingSwarm {

  private static final int COPY_EVERY = 5;
  private static final Duration AGAIN = Duration.ofMillis(100);

  private final String id;
  private final boolean forgetful;
  private final Witness witness;
  private final ScenarioContext context;
  private volatile @Nullable SwarmClient client;
  private volatile String key = "";
  private final AtomicLong count = new AtomicLong();
  private volatile boolean copied;

  /**
   * @param forgetful whether its state is deleted before it recovers, so that it does from a copy
   */
  SavingSwarm(String id, boolean forgetful, ScenarioContext context) {
    this.id = id;
    this.forgetful = forgetful;
    this.context = context;
    this.witness = new Witness(() -> context.clock().now(TimeUnit.NANOSECONDS), Fault::outcome);
  }

  /** Takes its place on a server, and its state with it if it had any. */
  Mono<Void> board(SwarmClient connected) {
    client = connected;
    if (key.isEmpty()) {
      return connected
          .request("swarm.create", Map.of("id", id, "objective", "remember"))
          .retryWhen(passing())
          .doOnNext(made -> key = made.path("key").asString())
          .then();
    }
    return connected
        .request("swarm.attach", Map.of("swarmId", id, "key", key))
        .retryWhen(passing())
        .then(Mono.defer(() -> forgetful && copied ? call("state.delete", own()) : Mono.empty()))
        .then(Mono.defer(() -> call("swarm.recover", own())))
        .doOnNext(recovered -> count.accumulateAndGet(counted(recovered), Math::max))
        .then();
  }

  private static long counted(JsonNode recovered) {
    return recovered.path("state").path("count").asLong();
  }

  private Retry passing() {
    return Retry.fixedDelay(Long.MAX_VALUE, AGAIN)
        .scheduler(context.clock())
        .filter(error -> error instanceof Fault fault && fault.name().equals("UNAVAILABLE"));
  }

  private Map<String, Object> own() {
    return Map.of("swarmId", id);
  }

  /** Saves one state after the other, until the connection ends. */
  Mono<Void> save() {
    return Mono.defer(this::saveNext).repeat().then().onErrorComplete();
  }

  private Mono<Void> saveNext() {
    long next = count.incrementAndGet();
    Map<String, Object> state = Map.of("count", next, "phase", "counting");
    return call("state.save", Map.of("swarmId", id, "state", state))
        .then(Mono.defer(() -> next % COPY_EVERY == 0 ? copy(next, state) : Mono.empty()));
  }

  /** In turn by the one means and by the other. */
  private Mono<Void> copy(long number, Map<String, Object> state) {
    Mono<JsonNode> made =
        number % (2 * COPY_EVERY) == 0
            ? call("snapshot.create", own())
            : call("checkpoint.create", Map.of("swarmId", id, "data", state));
    return made.doOnNext(done -> copied = true).then();
  }

  private Mono<JsonNode> call(String method, Map<String, Object> params) {
    SwarmClient connected = Objects.requireNonNull(client, "it is on a server");
    return witness.of(0, method, params, connected.request(method, params));
  }

  List<Operation> operations() {
    return witness.operations();
  }
}
