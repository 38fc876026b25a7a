package io.multiswarm.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Checkpoints by checkpoint_create and what they share with snapshots. */
record RedisCheckpoints(CopyStore store) implements Checkpoints {

  @Override
  public Mono<Checkpoint> create(Ownership owner, Json data, @Nullable String label) {
    return Mono.defer(
        () -> {
          store.calls().check("data", data);
          String id = store.newId();
          String sha1 = Checksum.of(data.bytes());
          String labelJson = CopyStore.label(label);
          return store
              .make(
                  Script.CHECKPOINT_CREATE,
                  owner,
                  id,
                  call -> call.arg(labelJson).arg(data.bytes()).arg(sha1))
              .map(reply -> Copy.parse(id, reply.string(1)).toCheckpoint());
        });
  }

  @Override
  public Mono<List<Checkpoint>> list(Ownership owner) {
    return store.list(owner).map(copies -> copies.stream().map(Copy::toCheckpoint).toList());
  }

  @Override
  public Mono<SavedVersion> restore(Ownership owner, String checkpointId) {
    return store.restore(owner, checkpointId);
  }

  @Override
  public Mono<Void> delete(Ownership owner, String checkpointId) {
    return store.delete(owner, checkpointId);
  }
}
