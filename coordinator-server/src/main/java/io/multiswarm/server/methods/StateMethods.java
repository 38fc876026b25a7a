package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Checkpoints;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.Snapshots;
import io.multiswarm.state.SwarmState;
import io.multiswarm.state.SwarmStateManager;
import io.multiswarm.state.SwarmStates;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * {@code state.*}, {@code snapshot.*} and {@code checkpoint.*}: what a swarm wants to find again.
 * For its holder alone, reading too.
 */
public final class StateMethods implements MethodTable.Group {

  private static final long MAX_VERSION = (1L << 53) - 1;

  private final SwarmStates states;
  private final Snapshots snapshots;
  private final Checkpoints checkpoints;

  public StateMethods(SwarmStateManager manager) {
    this.states = manager.states();
    this.snapshots = manager.snapshots();
    this.checkpoints = manager.checkpoints();
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .swarm("state.save", this::save)
        .swarm("state.load", this::load)
        .swarm("state.update", this::update)
        .swarm("state.delete", this::delete)
        .swarm("snapshot.create", this::createSnapshot)
        .swarm("snapshot.list", this::listSnapshots)
        .swarm("snapshot.restore", this::restoreSnapshot)
        .swarm("snapshot.delete", this::deleteSnapshot)
        .swarm("checkpoint.create", this::createCheckpoint)
        .swarm("checkpoint.list", this::listCheckpoints)
        .swarm("checkpoint.restore", this::restoreCheckpoint)
        .swarm("checkpoint.delete", this::deleteCheckpoint);
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

  private static Json saved(JsonObject answer, SavedVersion saved) {
    return answer
        .and("version", saved.version())
        .and("savedAt", saved.savedAt().toEpochMilli())
        .json();
  }

  private Mono<Json> createSnapshot(Call call) {
    String label = call.params().optionalString("label");
    return call.acting("swarmId")
        .flatMap(owner -> snapshots.create(owner, label))
        .map(StateMethods::snapshot);
  }

  private Mono<Json> listSnapshots(Call call) {
    return call.acting("swarmId")
        .flatMap(snapshots::list)
        .map(all -> list("snapshots", all, StateMethods::snapshot));
  }

  private Mono<Json> restoreSnapshot(Call call) {
    String id = call.params().words("snapshotId");
    return call.acting("swarmId")
        .flatMap(owner -> snapshots.restore(owner, id))
        .map(saved -> saved(JsonObject.with("snapshotId", id), saved));
  }

  private Mono<Json> deleteSnapshot(Call call) {
    String id = call.params().words("snapshotId");
    return call.acting("swarmId")
        .flatMap(owner -> snapshots.delete(owner, id).thenReturn(deleted("snapshotId", id)));
  }

  private static Json snapshot(Snapshot snapshot) {
    return JsonObject.with("snapshotId", snapshot.id())
        .and("label", snapshot.label())
        .and("version", snapshot.version())
        .and("createdAt", snapshot.createdAt().toEpochMilli())
        .and("bytes", snapshot.bytes())
        .and("automatic", snapshot.automatic())
        .json();
  }

  private Mono<Json> createCheckpoint(Call call) {
    Json data = call.params().object("data");
    String label = call.params().optionalString("label");
    return call.acting("swarmId")
        .flatMap(owner -> checkpoints.create(owner, data, label))
        .map(StateMethods::checkpoint);
  }

  private Mono<Json> listCheckpoints(Call call) {
    return call.acting("swarmId")
        .flatMap(checkpoints::list)
        .map(all -> list("checkpoints", all, StateMethods::checkpoint));
  }

  private Mono<Json> restoreCheckpoint(Call call) {
    String id = call.params().words("checkpointId");
    return call.acting("swarmId")
        .flatMap(owner -> checkpoints.restore(owner, id))
        .map(saved -> saved(JsonObject.with("checkpointId", id), saved));
  }

  private Mono<Json> deleteCheckpoint(Call call) {
    String id = call.params().words("checkpointId");
    return call.acting("swarmId")
        .flatMap(owner -> checkpoints.delete(owner, id).thenReturn(deleted("checkpointId", id)));
  }

  private static Json checkpoint(Checkpoint checkpoint) {
    return JsonObject.with("checkpointId", checkpoint.id())
        .and("label", checkpoint.label())
        .and("version", checkpoint.version())
        .and("createdAt", checkpoint.createdAt().toEpochMilli())
        .and("bytes", checkpoint.bytes())
        .json();
  }

  private static <T> Json list(String name, List<T> items, Function<T, Json> encoder) {
    return JsonObject.empty().and(name, items.stream().map(encoder).toList()).json();
  }

  private static Json deleted(String name, String id) {
    return JsonObject.with(name, id).and("deleted", true).json();
  }
}
