package io.multiswarm.load.slowlog;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lists of a large fleet, with filters that fit much and nothing; resources, and votes of all. */
record LargeLists() {

  private static final int TYPES = 250;
  private static final int TYPES_OF_A_CALL = 100;
  private static final int HOLDERS = 50;
  private static final int AT_ONCE = 8;
  private static final int VOTES = 3;
  private static final int PAGE = 1_000;

  /** Reads everything. */
  Mono<Void> read(Caller caller) {
    return Flux.concat(
            caller.readAll("swarm.list", "swarms", Map.of("limit", PAGE)),
            caller.readAll("swarm.list", "swarms", Map.of("objective", "nobody's")),
            caller.readAll("swarm.list", "swarms", Map.of("capability", "nobody's")),
            caller.readAll("swarm.list", "swarms", Map.of("status", "failed")),
            caller.readAll("swarm.interrupted", "swarms", Map.of()),
            caller.readAll("task.list", "tasks", Map.of("limit", PAGE)),
            caller.readAll("task.list", "tasks", Map.of("type", "nobody's")),
            caller.readAll("task.list", "tasks", Map.of("status", "pending", "capability", "none")),
            caller.readAll("task.list", "tasks", Map.of("status", "completed")),
            Caller.each(HOLDERS, AT_ONCE, i -> caller.call("task.explain", lane(i))),
            Caller.each(HOLDERS, AT_ONCE, i -> caller.call("stats.get", Map.of())),
            caller.call("node.list", Map.of()))
        .then();
  }

  private static Map<String, Object> lane(int number) {
    return Map.of("taskId", "lane-" + number);
  }

  /** Every type of resource, held by some, and conflicts about which all swarms vote. */
  Mono<Void> contend(List<String> held, Caller caller) {
    Map<String, Integer> one =
        IntStream.range(0, TYPES_OF_A_CALL)
            .mapToObj(LargeLists::type)
            .collect(Collectors.toMap(Function.identity(), any -> 1));
    return Caller.each(
            TYPES,
            AT_ONCE,
            i -> caller.call("resource.define", Map.of("type", type(i), "total", 1_000_000)))
        .then(
            Caller.each(
                Math.min(HOLDERS, held.size()),
                AT_ONCE,
                i ->
                    caller.call(
                        "resource.allocate", Map.of("swarmId", held.get(i), "resources", one))))
        .then(caller.call("resource.list", Map.of()))
        .then(Caller.each(VOTES, 1, i -> caller.call("conflict.resolve", vote(held))))
        .then();
  }

  private static String type(int number) {
    return "type-" + number;
  }

  private static Map<String, Object> vote(List<String> held) {
    return Map.of(
        "type",
        "plan",
        "swarmA",
        held.get(0),
        "swarmB",
        held.get(1),
        "strategy",
        "voting",
        "timeoutMs",
        2_000);
  }
}
