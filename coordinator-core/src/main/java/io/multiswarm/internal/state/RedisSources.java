package io.multiswarm.internal.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.SwarmState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks through the sources one after the other; reads a copy only when those before it failed. */
record RedisSources(
    StateCalls calls,
    KeyedSequence sequence,
    RedisStates states,
    CopyStore checkpoints,
    CopyStore snapshots)
    implements StateSources {

  @Override
  public Mono<RecoverySources> survey(Ownership owner) {
    return Mono.defer(
        () -> {
          List<String> damaged = new ArrayList<>();
          return sequence
              .inTurn(owner.swarmId(), states.look(owner))
              .flatMap(stored -> best(owner, stored, damaged))
              .map(best -> new RecoverySources(best, damaged))
              .switchIfEmpty(Mono.fromSupplier(() -> new RecoverySources(null, damaged)));
        });
  }

  @Override
  public Mono<SavedVersion> restoreLost(Ownership owner, RecoverySources.Source source) {
    String id = source.id();
    if (id == null) {
      throw new IllegalArgumentException("a state is no copy that could be restored");
    }
    CopyStore store = source.kind() == RecoverySources.Kind.CHECKPOINT ? checkpoints : snapshots;
    return store.restore(owner, id, true);
  }

  private Mono<RecoverySources.Source> best(
      Ownership owner, RedisStates.Stored stored, List<String> damaged) {
    SwarmState state = stored.state();
    String sha1 = stored.sha1();
    if (state != null && sha1 != null) {
      return Mono.just(
          new RecoverySources.Source(
              RecoverySources.Kind.STATE,
              null,
              state.state(),
              state.version(),
              state.savedAt(),
              Duration.between(state.savedAt(), stored.now()),
              sha1));
    }
    if (state != null) {
      damaged.add("state");
    }
    return copies(owner, checkpoints, RecoverySources.Kind.CHECKPOINT, stored.now(), damaged)
        .switchIfEmpty(
            Mono.defer(
                () ->
                    copies(
                        owner, snapshots, RecoverySources.Kind.SNAPSHOT, stored.now(), damaged)));
  }

  private Mono<RecoverySources.Source> copies(
      Ownership owner,
      CopyStore store,
      RecoverySources.Kind kind,
      Instant now,
      List<String> damaged) {
    return store
        .list(owner)
        .flatMapMany(Flux::fromIterable)
        .concatMap(copy -> read(owner, store, copy, kind, now, damaged), 1)
        .next();
  }

  private Mono<RecoverySources.Source> read(
      Ownership owner,
      CopyStore store,
      Copy copy,
      RecoverySources.Kind kind,
      Instant now,
      List<String> damaged) {
    String key = store.kind().key(calls.keys(), owner.swarmId(), copy.id());
    return calls
        .context()
        .link()
        .reads()
        .get(key)
        .flatMap(
            bytes ->
                calls
                    .checksum(bytes)
                    .filter(copy.sha1()::equals)
                    .map(sha1 -> source(bytes, copy, kind, now)))
        .switchIfEmpty(Mono.fromRunnable(() -> damaged.add(store.kind().word() + ' ' + copy.id())));
  }

  private static RecoverySources.Source source(
      byte[] bytes, Copy copy, RecoverySources.Kind kind, Instant now) {
    return new RecoverySources.Source(
        kind,
        copy.id(),
        Json.trusted(bytes),
        copy.version(),
        copy.createdAt(),
        Duration.between(copy.createdAt(), now),
        copy.sha1());
  }
}
