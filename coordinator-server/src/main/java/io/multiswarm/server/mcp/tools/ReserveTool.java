package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code reserve}: shared resources, taken and given back. */
final class ReserveTool {

  private static final int MOST_TYPES = 20;
  private static final int MOST_HOLDERS = 20;
  private static final long MOST_AMOUNT = (1L << 53) - 1;

  private final Agents agents;

  ReserveTool(Agents agents) {
    this.agents = agents;
  }

  Mono<Answer> reserve(ToolCall call) {
    Params given = call.arguments();
    Json resources = given.object("resources");
    List<String> types = given.params("resources").names();
    if (types.isEmpty() || types.size() > MOST_TYPES) {
      throw given.refused("resources", "must name 1 to " + MOST_TYPES + " types");
    }
    boolean release = given.bool("release", false);
    long waitMs = call.waits(0).toMillis();
    return agents
        .at(call.caller(), call.handle())
        .flatMap(
            agent ->
                agent.during(
                    release
                        ? released(agent, call.handle().swarmId(), given.params("resources"))
                        : taken(agent, call.handle().swarmId(), resources, waitMs)
                            .onErrorResume(
                                refused ->
                                    CoordinationException.is(refused, ErrorCode.RESOURCE_EXHAUSTED),
                                refused ->
                                    holders(agent, types, (CoordinationException) refused))));
  }

  private static Mono<Answer> taken(Agent agent, String swarmId, Json resources, long waitMs) {
    Json params =
        JsonObject.with("swarmId", swarmId)
            .and("resources", resources)
            .and("waitMs", waitMs)
            .json();
    return agent
        .call("resource.allocate", params)
        .map(
            granted ->
                Answer.of("Yours. Give it back with release:true as soon as you are done.")
                    .with("granted", Params.of(granted).object("allocated"))
                    .with("available", Params.of(granted).object("available")));
  }

  private static Mono<Answer> released(Agent agent, String swarmId, Params resources) {
    return Flux.fromIterable(resources.names())
        .concatMap(
            type ->
                agent.call(
                    "resource.release",
                    JsonObject.with("swarmId", swarmId)
                        .and("type", type)
                        .and("amount", resources.integer(type, 1, MOST_AMOUNT))
                        .json()))
        .then(Mono.just(Answer.of("Given back.")));
  }

  /** Who has what was asked for, as far as the token may know. */
  private static Mono<Answer> holders(
      Agent agent, List<String> types, CoordinationException refused) {
    return Flux.fromIterable(types)
        .concatMap(type -> agent.call("resource.list", JsonObject.with("type", type).json()))
        .map(list -> held(Params.of(list)))
        .collectList()
        .map(lines -> String.join("; ", lines))
        .onErrorReturn(CoordinationException.class, "")
        .map(held -> Answer.refused(refused).with("heldBy", held.isEmpty() ? null : held));
  }

  private static String held(Params list) {
    return list.list("resources", MOST_TYPES).stream()
        .map(Params::of)
        .map(
            pool ->
                pool.string("type")
                    + ": "
                    + pool.integer("available", Long.MIN_VALUE, Long.MAX_VALUE)
                    + " of "
                    + pool.integer("total", 0, Long.MAX_VALUE)
                    + " free"
                    + holders(pool))
        .collect(Collectors.joining("; "));
  }

  private static String holders(Params pool) {
    return pool.list("allocations", Integer.MAX_VALUE).stream()
        .limit(MOST_HOLDERS)
        .map(Params::of)
        .map(one -> one.string("swarmId") + " has " + one.integer("amount", 0, Long.MAX_VALUE))
        .collect(Collectors.joining(", ", ", ", ""));
  }
}
