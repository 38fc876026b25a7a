package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ReleaseRequest;
import io.multiswarm.resources.Resources;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** {@code resource.*}: pools that swarms share. */
final class ResourceMethods implements MethodTable.Group {

  private static final int MOST_TYPES = 100;
  private static final long LONGEST_WAIT = AllocationRequest.LONGEST_WAIT.toMillis();

  private final Resources resources;

  ResourceMethods(Resources resources) {
    this.resources = resources;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("resource.define", this::define)
        .method("resource.allocate", this::allocate)
        .method("resource.release", this::release)
        .large("resource.list", this::list);
  }

  private Mono<Json> define(Call call) {
    Params params = call.params();
    PoolDefinition definition =
        new PoolDefinition(
            params.string("type"),
            params.integer("total", 0, Pool.MAX_AMOUNT),
            params.bool("reclaim", false));
    return resources
        .define(definition)
        .map(
            pool ->
                JsonObject.with("type", pool.type())
                    .and("total", pool.total())
                    .and("available", pool.available())
                    .json());
  }

  private Mono<Json> allocate(Call call) {
    Params params = call.params();
    boolean several = params.has("resources");
    if (several && (params.has("type") || params.has("amount"))) {
      throw params.refused("resources", "cannot be given together with type and amount");
    }
    AllocationRequest request = request(params, several);
    Mono<Json> answer =
        call.acting("swarmId")
            .flatMap(owner -> resources.allocate(owner, request))
            .map(grant -> granted("allocated", grant, several));
    return request.maxWait().isZero() ? answer : call.whileOpen(answer);
  }

  private static AllocationRequest request(Params params, boolean several) {
    Map<String, Long> amounts = new LinkedHashMap<>();
    if (several) {
      Params given = params.params("resources");
      if (given.names().size() > MOST_TYPES) {
        // Before they are looked up one by one: a message has room for a hundred thousand.
        throw params.refused("resources", "must name 1 to " + MOST_TYPES + " types");
      }
      given.names().forEach(type -> amounts.put(type, given.integer(type, 1, Pool.MAX_AMOUNT)));
    } else {
      amounts.put(params.string("type"), params.integer("amount", 1, Pool.MAX_AMOUNT));
    }
    AllocationRequest request =
        AllocationRequest.of(amounts)
            .waiting(Duration.ofMillis(params.integer("waitMs", 0, 0, LONGEST_WAIT)));
    String requestId = params.optionalString("requestId");
    return requestId == null ? request : request.withRequestId(requestId);
  }

  private Mono<Json> release(Call call) {
    ReleaseRequest request = release(call.params());
    return call.acting("swarmId")
        .flatMap(owner -> resources.release(owner, request))
        .map(grant -> granted("released", grant, false));
  }

  private static ReleaseRequest release(Params params) {
    String type = params.string("type");
    ReleaseRequest request =
        params.has("amount")
            ? ReleaseRequest.of(type, params.integer("amount", 1, Pool.MAX_AMOUNT))
            : ReleaseRequest.ofAll(type);
    String requestId = params.optionalString("requestId");
    return requestId == null ? request : request.withRequestId(requestId);
  }

  private static Json granted(String name, Grant grant, boolean several) {
    if (several) {
      return JsonObject.with(name, grant.amounts()).and("available", grant.available()).json();
    }
    String type = grant.amounts().keySet().iterator().next();
    return JsonObject.empty()
        .and(name, grant.amount(type))
        .and("available", grant.available(type))
        .json();
  }

  private Mono<Json> list(Call call) {
    Params params = call.params();
    ResourceQuery query =
        new ResourceQuery(params.optionalString("type"), params.optionalString("swarmId"));
    return resources
        .list(query)
        .map(
            pools ->
                JsonObject.empty()
                    .and("resources", pools.stream().map(ResourceMethods::pool).toList())
                    .json());
  }

  private static Json pool(Pool pool) {
    List<Json> allocations =
        pool.allocations().stream()
            .map(
                held ->
                    JsonObject.with("swarmId", held.swarmId()).and("amount", held.amount()).json())
            .toList();
    return JsonObject.with("type", pool.type())
        .and("total", pool.total())
        .and("available", pool.available())
        .and("allocations", allocations)
        .json();
  }
}
