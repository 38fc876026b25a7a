package io.multiswarm.internal.state;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.Snapshots;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Snapshots by the scripts snapshot_*. */
final class RedisSnapshots extends RedisCopies<Snapshot> implements Snapshots {

  private static final String MANUAL = "manual";
  private static final String AUTOMATIC = "automatic";

  RedisSnapshots(CopyStore store) {
    super(store, Copy::toSnapshot);
  }

  @Override
  public Mono<Snapshot> create(Ownership owner, @Nullable String label) {
    return Mono.defer(() -> make(owner, CopyStore.label(label), MANUAL));
  }

  /** Empty when the newest snapshot has the current version, and when nothing is saved. */
  Mono<Snapshot> createIfChanged(Ownership owner) {
    return Mono.defer(() -> make(owner, CopyStore.label(null), AUTOMATIC));
  }

  private Mono<Snapshot> make(Ownership owner, String label, String kind) {
    String id = store().newId();
    return store()
        .make(Script.SNAPSHOT_CREATE, owner, id, call -> call.arg(label).arg(kind))
        .flatMap(reply -> made(owner, id, kind, reply));
  }

  private static Mono<Snapshot> made(Ownership owner, String id, String kind, CopyReply reply) {
    return switch (reply.status()) {
      case "OK" -> Mono.just(Copy.parse(id, reply.entry()).toSnapshot());
      case "UNCHANGED" -> Mono.empty();
      case "NONE" ->
          kind.equals(AUTOMATIC) ? Mono.empty() : Mono.error(StateCalls.nothingSaved(owner));
      default -> Mono.error(StateCalls.damaged(owner, "the state"));
    };
  }
}
