package io.multiswarm.load.history;

import io.multiswarm.load.history.Operation.Span;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls, noted with what became of them, for a judge of this run. Unlike a {@link History}, which
 * is for files, it has everything and is for short runs.
 */
public final class Witness {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final LongSupplier nanos;
  private final Function<Throwable, Outcome> outcomes;

  /**
   * @param nanos the time
   * @param outcomes what an error says of whether it was carried out
   */
  public Witness(LongSupplier nanos, Function<Throwable, Outcome> outcomes) {
    this.nanos = nanos;
    this.outcomes = outcomes;
  }

  /** Notes a call when it ends. */
  public Mono<JsonNode> of(
      long process, String method, Map<String, Object> params, Mono<JsonNode> call) {
    return Mono.defer(
        () -> {
          long began = nanos.getAsLong();
          return call.doOnNext(result -> note(process, method, params, began, Outcome.OK, result))
              .doOnError(
                  error ->
                      note(
                          process,
                          method,
                          params,
                          began,
                          outcomes.apply(error),
                          JSON.valueToTree(String.valueOf(error.getMessage()))));
        });
  }

  /** Notes that something happened now. */
  public void event(long process, String name, Map<String, Object> value) {
    note(process, name, value, nanos.getAsLong(), Outcome.OK, JSON.nullNode());
  }

  private void note(
      long process,
      String method,
      Map<String, Object> value,
      long began,
      Outcome outcome,
      JsonNode result) {
    operations.add(
        new Operation(
            process,
            method,
            JSON.valueToTree(value),
            new Span(began, nanos.getAsLong()),
            outcome,
            result));
  }

  /** So far. */
  public List<Operation> operations() {
    return List.copyOf(operations);
  }
}
