package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.SwarmState;
import io.multiswarm.state.SwarmStateManager;
import io.multiswarm.state.SwarmStates;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * {@code state.*}, {@code snapshot.*} and {@code checkpoint.*}: what a swarm wants to find again.
 * For its holder alone, reading too.
 */
final class StateMethods implements MethodTable.Group {

  private static final long MAX_VERSION = (1L << 53) - 1;

  private final SwarmStates states;
  private final MethodTable.Group snapshots;
  private final MethodTable.Group checkpoints;

  StateMethods(SwarmStateManager manager) {
    this.states = manager.states();
    this.snapshots = CopyMethods.of(manager.snapshots());
    this.checkpoints = CopyMethods.of(manager.checkpoints());
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("state.save", this::save)
        .large("state.load", this::load)
        .method("state.update", this::update)
        .method("state.delete", this::delete);
    snapshots.addTo(table);
    checkpoints.addTo(table);
  }

  private Mono<Json> save(Call call) {
    Json state = call.params().object("state");
    Long ifVersion = ifVersion(call.params());
    return call.acting("swarmId")
        .flatMap(owner -> states.save(owner, state, ifVersion))
        .map(saved -> saved(JsonObject.empty(), saved));
  }

  private Mono<Json> load(Call call) {
    return call.acting("swarmId").flatMap(states::load).map(StateMethods::state);
  }

  private Mono<Json> update(Call call) {
    Json patch = call.params().object("patch");
    Long ifVersion = ifVersion(call.params());
    return call.acting("swarmId")
        .flatMap(owner -> states.update(owner, patch, ifVersion))
        .map(StateMethods::state);
  }

  private Mono<Json> delete(Call call) {
    return call.acting("swarmId")
        .flatMap(states::delete)
        .map(deleted -> JsonObject.with("deleted", deleted).json());
  }

  private static @Nullable Long ifVersion(Params params) {
    return params.has("ifVersion") ? params.integer("ifVersion", 0, MAX_VERSION) : null;
  }

  private static Json state(SwarmState state) {
    return saved(JsonObject.with("state", state.state()), state.saved());
  }

  static Json saved(JsonObject answer, SavedVersion saved) {
    return answer
        .and("version", saved.version())
        .and("savedAt", saved.savedAt().toEpochMilli())
        .json();
  }
}
