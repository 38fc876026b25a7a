package io.multiswarm.internal.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Checkpoints;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Checkpoints by checkpoint_create and what they share with snapshots. */
final class RedisCheckpoints extends RedisCopies<Checkpoint> implements Checkpoints {

  RedisCheckpoints(CopyStore store) {
    super(store, Copy::toCheckpoint);
  }

  @Override
  public Mono<Checkpoint> create(Ownership owner, Json data, @Nullable String label) {
    return Mono.defer(
        () -> {
          store().calls().check("data", data);
          String id = store().newId();
          String labelJson = CopyStore.label(label);
          return store()
              .calls()
              .checksum(data.bytes())
              .flatMap(
                  sha1 ->
                      store()
                          .make(
                              Script.CHECKPOINT_CREATE,
                              owner,
                              id,
                              call -> call.arg(labelJson).arg(data.bytes()).arg(sha1)))
              .map(reply -> Copy.parse(id, reply.entry()).toCheckpoint());
        });
  }
}
