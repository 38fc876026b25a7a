package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.election.Election;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmMetadata;
import io.multiswarm.registry.SwarmMode;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Attachment;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.registry.SwarmUpdate;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code swarm.*}: who exists, and which session acts for whom. */
final class SwarmMethods implements MethodTable.Group {

  private static final int MAX_AGENTS = 1_000_000;

  private final SwarmRegistry registry;
  private final Election election;
  private final Leases leases;

  SwarmMethods(SwarmRegistry registry, Election election, Leases leases) {
    this.registry = registry;
    this.election = election;
    this.leases = leases;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("swarm.create", this::create)
        .method("swarm.attach", this::attach)
        .method("swarm.get", this::get)
        .large("swarm.list", this::list)
        .method("swarm.update", this::update)
        .method("swarm.heartbeat", this::heartbeat)
        .method("swarm.pause", this::pause)
        .method("swarm.resume", this::resume)
        .method("swarm.deregister", this::deregister)
        .large("swarm.interrupted", this::interrupted);
  }

  private Mono<Json> create(Call call) {
    Creations creations = Creations.of(call.session());
    Creations.Asked asked = creations.ask(newSwarm(call), registry);
    return call.session()
        .swarms()
        .take(asked.swarm().id(), asked.registration(), Registration::ownership)
        .doOnNext(made -> creations.answered(asked))
        .doOnError(error -> creations.failed(asked, error))
        .flatMap(
            made ->
                LeaderMethods.brief(election)
                    .map(
                        leader ->
                            JsonObject.with("swarm", made.swarm().toJson())
                                .and("key", made.key())
                                .and("leader", leader)
                                .json()));
  }

  private static NewSwarm newSwarm(Call call) {
    Params params = call.params();
    String id = params.optionalString("id");
    Json metadata = params.optionalObject("metadata");
    Principal who = call.session().principal();
    return new NewSwarm(
        id == null ? who.newSwarmId() : id,
        params.string("objective"),
        params.string("strategy", NewSwarm.DEFAULT_STRATEGY),
        SwarmMode.parse("mode", params.optionalString("mode")),
        (int) params.integer("maxAgents", NewSwarm.DEFAULT_MAX_AGENTS, 1, MAX_AGENTS),
        metadata == null ? SwarmMetadata.NONE : SwarmMetadata.of(metadata),
        who.provenName());
  }

  private Mono<Json> attach(Call call) {
    String swarmId = call.swarmId("swarmId");
    if (call.params().bool("newKey", false)) {
      return attachWithNewKey(call, swarmId);
    }
    String key = call.params().string("key");
    return call.session()
        .swarms()
        .take(swarmId, registry.attach(swarmId, key), Attachment::ownership)
        .flatMap(attachment -> attached(call.session(), attachment));
  }

  private Mono<Json> attachWithNewKey(Call call, String swarmId) {
    call.requireOperator(swarmId);
    return call.session()
        .swarms()
        .take(swarmId, registry.attachWithNewKey(swarmId), Registration::ownership)
        .flatMap(
            made ->
                attached(
                    call.session(), new Attachment(made.swarm(), made.ownership()), made.key()));
  }

  private Mono<Json> attached(Session session, Attachment attachment) {
    return attached(session, attachment, null);
  }

  /** The leases that the answer has no room for come after it. */
  private Mono<Json> attached(Session session, Attachment attachment, @Nullable String newKey) {
    Ownership owner = attachment.ownership();
    return Mono.zip(
            leases.of(owner),
            LeaderMethods.brief(election),
            (held, leader) ->
                JsonObject.with("swarm", attachment.swarm().toJson())
                    .and("leader", leader)
                    .and("leases", held)
                    .andPresent("key", newKey)
                    .json())
        .doAfterTerminate(() -> session.peer().execute(() -> leases.follow(session, owner)));
  }

  private Mono<Json> get(Call call) {
    return registry.get(call.swarmId("swarmId")).map(SwarmMethods::one);
  }

  private Mono<Json> list(Call call) {
    return registry.list(query(call.params())).map(SwarmMethods::page);
  }

  private static SwarmQuery query(Params params) {
    String status = params.optionalString("status");
    String mode = params.optionalString("mode");
    String priority = params.optionalString("priority");
    return SwarmQuery.ALL
        .withStatus(status == null ? null : SwarmStatus.parse("status", status))
        .withMode(mode == null ? null : SwarmMode.parse("mode", mode))
        .withPriority(priority == null ? null : Priority.parse("priority", priority))
        .withStrategy(params.optionalString("strategy"))
        .withPhase(params.optionalString("phase"))
        .withCapability(params.optionalString("capability"))
        .withObjective(params.optionalString("objective"))
        .withLimit(limit(params, SwarmQuery.DEFAULT_LIMIT))
        .withCursor(params.optionalString("cursor"));
  }

  private Mono<Json> update(Call call) {
    Params params = call.params();
    String status = params.optionalString("status");
    SwarmUpdate change =
        new SwarmUpdate(
            status == null ? null : SwarmStatus.parse("status", status),
            params.optionalArray("agents"),
            params.optionalObject("metadata"));
    return call.acting("swarmId")
        .flatMap(owner -> registry.update(owner, change))
        .map(SwarmMethods::one);
  }

  private Mono<Json> heartbeat(Call call) {
    @Nullable Json agents = call.params().optionalArray("agents");
    return call.acting("swarmId")
        .flatMap(owner -> registry.heartbeat(owner, agents))
        .then(Mono.empty());
  }

  private Mono<Json> pause(Call call) {
    return call.acting("swarmId")
        .flatMap(registry::pause)
        .then(Mono.just(TaskInsightMethods.paused(true)));
  }

  private Mono<Json> resume(Call call) {
    return call.acting("swarmId")
        .flatMap(registry::resume)
        .then(Mono.just(TaskInsightMethods.paused(false)));
  }

  private Mono<Json> deregister(Call call) {
    String reason = call.params().optionalString("reason");
    return call.operating("swarmId")
        .flatMap(owner -> call.session().swarms().leave(owner, registry.deregister(owner, reason)))
        .then(Mono.fromSupplier(() -> JsonObject.with("archived", true).json()));
  }

  private Mono<Json> interrupted(Call call) {
    return registry
        .list(
            SwarmQuery.ALL
                .withStatus(SwarmStatus.INTERRUPTED)
                .withLimit(limit(call.params(), SwarmQuery.MAX_LIMIT))
                .withCursor(call.params().optionalString("cursor")))
        .map(SwarmMethods::page);
  }

  private static int limit(Params params, int byDefault) {
    return (int) params.integer("limit", byDefault, 1, SwarmQuery.MAX_LIMIT);
  }

  private static Json one(Swarm swarm) {
    return JsonObject.with("swarm", swarm.toJson()).json();
  }

  private static Json page(SwarmPage page) {
    return JsonObject.empty()
        .and("swarms", all(page.swarms()))
        .andPresent("nextCursor", page.nextCursor())
        .json();
  }

  private static List<Json> all(List<Swarm> swarms) {
    return swarms.stream().map(Swarm::toJson).toList();
  }
}
