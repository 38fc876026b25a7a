package io.multiswarm.internal.registry;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Texts;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.RegistryStatistics;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Attachment;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.registry.SwarmUpdate;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The registry in Redis. Puts the parts together: who reads, who admits, who writes in turn, who
 * lets go.
 */
final class RedisSwarmRegistry implements SwarmRegistry {

  private static final String DEFAULT_REASON = "completed";
  private static final int MAX_REASON = 1_000;

  private final NodeContext context;
  private final SwarmReader reader;
  private final SwarmLister lister;
  private final SwarmAdmission admission;
  private final SwarmWriter writer;
  private final DetachOutbox departures;
  private final KeyedSequence sequence;

  RedisSwarmRegistry(
      NodeContext context,
      SwarmReader reader,
      SwarmAdmission admission,
      SwarmWriter writer,
      DetachOutbox departures) {
    this.context = context;
    this.reader = reader;
    this.lister = new SwarmLister(context, reader);
    this.admission = admission;
    this.writer = writer;
    this.departures = departures;
    this.sequence = context.sequence();
  }

  @Override
  public Mono<Registration> register(NewSwarm swarm) {
    // One id and one key, however often it is subscribed to: by these a repetition is known.
    Mono<Registration> registration = admission.register(swarm);
    String id = swarm.id();
    return id == null ? registration : Mono.defer(() -> sequence.inTurn(id, registration));
  }

  @Override
  public Mono<Attachment> attach(String swarmId, String key) {
    return checked(
        swarmId, () -> sequence.inTurn(swarmId, Mono.defer(() -> admission.attach(swarmId, key))));
  }

  @Override
  public Mono<Registration> attachWithNewKey(String swarmId) {
    return checked(
        swarmId,
        () -> sequence.inTurn(swarmId, Mono.defer(() -> admission.attachWithNewKey(swarmId))));
  }

  @Override
  public Mono<Void> detach(Collection<Ownership> held, Departure departure) {
    List<Ownership> leaving = List.copyOf(held);
    List<String> ids = leaving.stream().map(Ownership::swarmId).toList();
    return sequence.settled(ids).then(departures.leave(leaving, departure));
  }

  @Override
  public Mono<Swarm> get(String swarmId) {
    return checked(swarmId, () -> reader.get(swarmId));
  }

  @Override
  public Mono<SwarmPage> list(SwarmQuery query) {
    return lister.list(query);
  }

  @Override
  public Mono<Swarm> update(Ownership owner, SwarmUpdate change) {
    return sequence.inTurn(owner.swarmId(), Mono.defer(() -> writer.update(owner, change)));
  }

  @Override
  public Mono<Void> pause(Ownership owner) {
    return sequence.inTurn(owner.swarmId(), Mono.defer(() -> writer.pause(owner, true)));
  }

  @Override
  public Mono<Void> resume(Ownership owner) {
    return sequence.inTurn(owner.swarmId(), Mono.defer(() -> writer.pause(owner, false)));
  }

  @Override
  public Mono<Void> heartbeat(Ownership owner, @Nullable Json agents) {
    Mono<Void> beat =
        Mono.defer(
            () ->
                agents == null
                    ? writer.heartbeat(owner)
                    : writer.update(owner, SwarmUpdate.NOTHING.withAgents(agents)).then());
    return sequence.inTurn(owner.swarmId(), beat);
  }

  @Override
  public Mono<Void> deregister(Ownership owner, @Nullable String reason) {
    return Mono.defer(
        () -> {
          String why = reason == null ? DEFAULT_REASON : checkedReason(reason);
          SwarmStatus status =
              why.equals(SwarmStatus.FAILED.word()) ? SwarmStatus.FAILED : SwarmStatus.COMPLETED;
          String request = Ids.unique("r");
          Mono<Void> end =
              Mono.defer(() -> writer.deregister(owner, status, why, request))
                  .doOnSuccess(done -> forget(owner.swarmId()));
          return sequence.inTurn(owner.swarmId(), end);
        });
  }

  private static String checkedReason(String reason) {
    return Texts.check("reason", reason, MAX_REASON);
  }

  private void forget(String swarmId) {
    context.holdings().remove(swarmId, Long.MAX_VALUE, "deregistered");
  }

  @Override
  public Mono<List<Swarm>> interrupted() {
    SwarmQuery query =
        SwarmQuery.ALL.withStatus(SwarmStatus.INTERRUPTED).withLimit(SwarmQuery.MAX_LIMIT);
    return lister
        .list(query)
        .expand(page -> next(query, page.nextCursor()))
        .flatMapIterable(SwarmPage::swarms)
        .collectList();
  }

  private Mono<SwarmPage> next(SwarmQuery query, @Nullable String cursor) {
    return cursor == null ? Mono.empty() : lister.list(query.withCursor(cursor));
  }

  @Override
  public Mono<RegistryStatistics> statistics() {
    return RegistryCounts.of(context.keys()).read(context.link());
  }

  /** Bad ids are refused before any call of Redis. */
  private static <T> Mono<T> checked(String swarmId, Supplier<Mono<T>> call) {
    return Mono.defer(
        () -> {
          Ids.checkSwarm("swarmId", swarmId);
          return call.get();
        });
  }
}
