package io.multiswarm.state;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Snapshots by the scripts snapshot_*. */
record RedisSnapshots(CopyStore store) implements Snapshots {

  private static final String MANUAL = "manual";
  private static final String AUTOMATIC = "automatic";

  @Override
  public Mono<Snapshot> create(Ownership owner, @Nullable String label) {
    return Mono.defer(() -> make(owner, CopyStore.label(label), MANUAL));
  }

  /** Empty when the newest snapshot has the current version, and when nothing is saved. */
  Mono<Snapshot> createIfChanged(Ownership owner) {
    return Mono.defer(() -> make(owner, CopyStore.label(null), AUTOMATIC));
  }

  private Mono<Snapshot> make(Ownership owner, String label, String kind) {
    String id = store.newId();
    return store
        .make(Script.SNAPSHOT_CREATE, owner, id, call -> call.arg(label).arg(kind))
        .flatMap(reply -> made(owner, id, kind, reply));
  }

  private static Mono<Snapshot> made(Ownership owner, String id, String kind, ScriptReply reply) {
    return switch (reply.status()) {
      case "OK" -> Mono.just(Copy.parse(id, reply.string(1)).toSnapshot());
      case "UNCHANGED" -> Mono.empty();
      case "NONE" ->
          kind.equals(AUTOMATIC) ? Mono.empty() : Mono.error(StateCalls.nothingSaved(owner));
      default -> Mono.error(StateCalls.damaged(owner, "the state"));
    };
  }

  @Override
  public Mono<List<Snapshot>> list(Ownership owner) {
    return store.list(owner).map(copies -> copies.stream().map(Copy::toSnapshot).toList());
  }

  @Override
  public Mono<SavedVersion> restore(Ownership owner, String snapshotId) {
    return store.restore(owner, snapshotId);
  }

  @Override
  public Mono<Void> delete(Ownership owner, String snapshotId) {
    return store.delete(owner, snapshotId);
  }
}
