package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Checkpoints;
import io.multiswarm.state.Copies;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.Snapshots;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * {@code snapshot.*} or {@code checkpoint.*}: one shape, whose words begin with what is copied.
 *
 * @param noun in the names of the methods and of their members
 * @param creation reads the parameters when the call comes, and creates for who may
 */
record CopyMethods<T>(
    String noun,
    Copies<T> copies,
    Function<Params, Function<Ownership, Mono<T>>> creation,
    Function<T, Json> encoder)
    implements MethodTable.Group {

  static CopyMethods<Snapshot> of(Snapshots snapshots) {
    return new CopyMethods<>(
        "snapshot",
        snapshots,
        params -> {
          String label = params.optionalString("label");
          return owner -> snapshots.create(owner, label);
        },
        CopyMethods::snapshot);
  }

  static CopyMethods<Checkpoint> of(Checkpoints checkpoints) {
    return new CopyMethods<>(
        "checkpoint",
        checkpoints,
        params -> {
          Json data = params.object("data");
          String label = params.optionalString("label");
          return owner -> checkpoints.create(owner, data, label);
        },
        CopyMethods::checkpoint);
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

  private static Json checkpoint(Checkpoint checkpoint) {
    return JsonObject.with("checkpointId", checkpoint.id())
        .and("label", checkpoint.label())
        .and("version", checkpoint.version())
        .and("createdAt", checkpoint.createdAt().toEpochMilli())
        .and("bytes", checkpoint.bytes())
        .json();
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method(noun + ".create", this::create)
        .method(noun + ".list", this::list)
        .method(noun + ".restore", this::restore)
        .method(noun + ".delete", this::delete);
  }

  private Mono<Json> create(Call call) {
    Function<Ownership, Mono<T>> make = creation.apply(call.params());
    return call.acting("swarmId").flatMap(make).map(encoder);
  }

  private Mono<Json> list(Call call) {
    return call.acting("swarmId")
        .flatMap(copies::list)
        .map(all -> JsonObject.empty().and(noun + "s", all.stream().map(encoder).toList()).json());
  }

  private Mono<Json> restore(Call call) {
    String id = id(call);
    return call.acting("swarmId")
        .flatMap(owner -> copies.restore(owner, id))
        .map(saved -> StateMethods.saved(JsonObject.with(idName(), id), saved));
  }

  private Mono<Json> delete(Call call) {
    String id = id(call);
    Json deleted = JsonObject.with(idName(), id).and("deleted", true).json();
    return call.acting("swarmId").flatMap(owner -> copies.delete(owner, id).thenReturn(deleted));
  }

  private String id(Call call) {
    return call.params().words(idName());
  }

  private String idName() {
    return noun + "Id";
  }
}
