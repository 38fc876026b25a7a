package io.multiswarm.load.slowlog;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** A session that goes on calling when it is refused because there is much to do. */
record Caller(SwarmClient client, AtomicLong refused) {

  private static final Set<String> BUSY = Set.of("UNAVAILABLE", "RESOURCE_EXHAUSTED");
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int ATTEMPTS = 100;

  /** Calls, again while the server is busy. */
  Mono<JsonNode> call(String method, Map<String, Object> params) {
    return untilAccepted(client.request(method, params));
  }

  /** The same of another call. */
  <T> Mono<T> untilAccepted(Mono<T> call) {
    return call.doOnError(busy -> refused.incrementAndGet())
        .retryWhen(
            Retry.fixedDelay(ATTEMPTS, PAUSE)
                .scheduler(client.scheduler())
                .filter(error -> error instanceof Fault fault && BUSY.contains(fault.name()))
                .onRetryExhaustedThrow((spec, last) -> last.failure()));
  }

  /** Reads a list to its end; how much there is on its pages. */
  Mono<Long> readAll(String method, String items, Map<String, Object> params) {
    return call(method, params)
        .expand(
            page -> {
              if (!page.has("nextCursor")) {
                return Mono.empty();
              }
              String cursor = page.path("nextCursor").asString();
              return call(method, with(params, "cursor", cursor));
            })
        .map(page -> (long) page.path(items).size())
        .reduce(0L, Long::sum);
  }

  /** Parameters and one more. */
  static Map<String, Object> with(Map<String, Object> params, String name, Object value) {
    Map<String, Object> more = new HashMap<>(params);
    more.put(name, value);
    return more;
  }

  /** So many calls, a few at a time. */
  static Mono<Void> each(int count, int atOnce, IntFunction<Mono<?>> call) {
    return Flux.range(0, count).flatMap(i -> call.apply(i).then(), atOnce).then();
  }
}
