package io.multiswarm.internal.resources;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ReleaseRequest;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.resources.Resources;
import io.multiswarm.resources.Resources.ResourceQuery;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Resources in Redis; those who wait are kept by {@link AllocationQueue}. */
public final class RedisResources implements Resources {

  /** Types at most: each costs a field here and there, and a look in every sweep. */
  static final int MAX_POOLS = 256;

  /** Where the pages of a listing begin and end. */
  private static final String FIRST = "0";

  private final NodeContext context;
  private final Supplier<List<String>> keys;
  private final ResourceCalls calls;
  private final AllocationQueue line;

  public RedisResources(NodeContext context) {
    this.context = context;
    this.keys = context.keys().list(context.keys()::resources);
    this.calls = new ResourceCalls(context);
    this.line = new AllocationQueue(context);
  }

  @Override
  public Mono<Pool> define(PoolDefinition definition) {
    ScriptCall call =
        calls
            .of(Script.RESOURCE_DEFINE)
            .arg(definition.type())
            .arg(definition.total())
            .arg(definition.reclaim() ? 1 : 0)
            .arg(MAX_POOLS);
    return context.link().run(call).map(reply -> defined(DefinitionReply.from(reply), definition));
  }

  private static Pool defined(DefinitionReply reply, PoolDefinition definition) {
    if (!reply.isOk()) {
      throw ResourceRefusals.ofDefinition(reply, definition);
    }
    return new Pool(definition.type(), definition.total(), reply.available(), List.of());
  }

  @Override
  public Mono<Grant> allocate(Ownership owner, AllocationRequest request) {
    return line.allocate(owner, request);
  }

  @Override
  public Mono<Grant> release(Ownership owner, ReleaseRequest request) {
    Long amount = request.amount();
    ScriptCall call =
        calls
            .of(Script.RESOURCE_RELEASE, owner, request.requestId())
            .arg(request.type())
            .arg(amount == null ? "" : Long.toString(amount));
    return context
        .link()
        .run(call)
        .map(reply -> released(ReleaseReply.from(reply), owner, request));
  }

  private static Grant released(ReleaseReply reply, Ownership owner, ReleaseRequest request) {
    Grant rest = reply.rest();
    if (rest == null) {
      throw ResourceRefusals.ofRelease(reply, owner, request);
    }
    return rest;
  }

  @Override
  public Mono<List<Pool>> list(ResourceQuery query) {
    return Mono.defer(
        () -> {
          PoolReader reader = new PoolReader(query, context.unreadable());
          return page(query, FIRST)
              .doOnNext(reader::add)
              .expand(
                  read ->
                      read.next().equals(FIRST)
                          ? Mono.empty()
                          : page(query, read.next()).doOnNext(reader::add))
              .then(Mono.fromSupplier(reader::pools));
        });
  }

  private Mono<PoolReader.Page> page(ResourceQuery query, String from) {
    String type = query.type();
    String swarmId = query.swarmId();
    ScriptCall call =
        ScriptCall.of(Script.RESOURCE_LIST)
            .keys(keys.get().subList(1, 3))
            .arg(type == null ? "" : type)
            .arg(swarmId == null ? "" : swarmId)
            .arg(from);
    return context.link().run(call).map(PoolReader.Page::from);
  }

  public Mono<ResourceHolding> holding(String swarmId) {
    ScriptCall call =
        ScriptCall.of(Script.RESOURCE_HOLDING)
            .key(keys.get().get(2))
            .key(context.keys().resourceMemo(swarmId))
            .arg(swarmId);
    return context.link().run(call).map(ResourceHolding::from);
  }

  @Override
  public Mono<ResourceStatistics> statistics() {
    return counts().read(context.link());
  }

  Counts<ResourceStatistics> counts() {
    return Counts.all(
            List.of(
                Counts.fields(keys.get().get(1)),
                Counts.fields(keys.get().get(2)),
                Counts.fields(keys.get().get(4))))
        .and(Counts.counters(keys.get().get(5)), RedisResources::statistics);
  }

  private static ResourceStatistics statistics(List<Long> sizes, Counts.Counters counters) {
    return new ResourceStatistics(
        sizes.get(0),
        sizes.get(1),
        sizes.get(2),
        counters.get("allocated"),
        counters.get("waited"),
        counters.get("refused"),
        counters.get("released"),
        counters.get("returned"),
        counters.get("idle"),
        counters.get("reclaimed"));
  }
}
