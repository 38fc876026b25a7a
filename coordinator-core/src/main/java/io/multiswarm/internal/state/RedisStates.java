package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.SwarmState;
import io.multiswarm.state.SwarmStates;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** States by the scripts state_*, one call each but for the merge patch. */
final class RedisStates implements SwarmStates {

  /**
   * An administrator elsewhere may save between the two calls of a patch. Who patches without end
   * there wins every other time, hardly so often in a row.
   */
  private static final int PATCH_ATTEMPTS = 100;

  private static final String REQUEST = "w";

  private final StateCalls calls;
  private final KeyedSequence sequence;
  private final StateCache cache;
  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();

  RedisStates(StateCalls calls, KeyedSequence sequence, StateCache cache) {
    this.calls = calls;
    this.sequence = sequence;
    this.cache = cache;
  }

  @Override
  public Mono<SavedVersion> save(Ownership owner, Json state, @Nullable Long ifVersion) {
    return sequence.inTurn(owner.swarmId(), write(owner, state, ifVersion).map(SwarmState::saved));
  }

  @Override
  public Mono<SwarmState> load(Ownership owner) {
    return Mono.defer(
        () ->
            sequence.isBusy(owner.swarmId())
                ? sequence.inTurn(owner.swarmId(), Mono.defer(() -> loadAtRest(owner)))
                : loadAtRest(owner));
  }

  private Mono<SwarmState> loadAtRest(Ownership owner) {
    SwarmState known = isHeldHere(owner) ? cache.find(owner.swarmId()) : null;
    if (known != null) {
      hits.increment();
      return Mono.just(known);
    }
    misses.increment();
    return read(owner).switchIfEmpty(Mono.error(() -> StateCalls.nothingSaved(owner)));
  }

  @Override
  public Mono<SwarmState> update(Ownership owner, Json patch, @Nullable Long ifVersion) {
    Mono<SwarmState> once = Mono.defer(() -> patch(owner, patch, ifVersion));
    return sequence.inTurn(owner.swarmId(), ifVersion == null ? again(once) : once);
  }

  private static Mono<SwarmState> again(Mono<SwarmState> once) {
    return once.retryWhen(
        Retry.max(PATCH_ATTEMPTS)
            .filter(error -> CoordinationException.is(error, ErrorCode.CONFLICT))
            .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
  }

  private Mono<SwarmState> patch(Ownership owner, Json patch, @Nullable Long ifVersion) {
    calls.check("patch", patch);
    return read(owner)
        .map(state -> new Base(state.state(), state.version()))
        .defaultIfEmpty(Base.NONE)
        .flatMap(
            base -> {
              if (ifVersion != null && ifVersion != base.version()) {
                return Mono.error(StateCalls.conflict(owner, base.version()));
              }
              return calls
                  .context()
                  .work(
                      base.state().length() + patch.length(), () -> base.state().mergedWith(patch))
                  .flatMap(merged -> write(owner, merged, base.version()));
            });
  }

  /** What a patch is applied to. */
  private record Base(Json state, long version) {
    static final Base NONE = new Base(Json.EMPTY_OBJECT, 0);
  }

  @Override
  public Mono<Boolean> delete(Ownership owner) {
    return sequence.inTurn(
        owner.swarmId(),
        Mono.defer(() -> calls.run(deletion(owner), owner))
            .map(
                reply -> {
                  cache.forget(owner.swarmId());
                  return DeletionReply.from(reply).existed();
                }));
  }

  private ScriptCall deletion(Ownership owner) {
    return calls
        .begin(Script.STATE_DELETE, owner)
        .arg(calls.keys().signals())
        .arg(calls.ttl())
        .arg(Ids.unique(REQUEST));
  }

  private Mono<SwarmState> write(Ownership owner, Json state, @Nullable Long ifVersion) {
    return Mono.defer(
        () -> {
          calls.check("state", state);
          return calls
              .checksum(state.bytes())
              .flatMap(sha1 -> calls.run(saving(owner, state, sha1, ifVersion), owner))
              .map(reply -> written(owner, state, VersionReply.from(reply)));
        });
  }

  private ScriptCall saving(Ownership owner, Json state, String sha1, @Nullable Long ifVersion) {
    return calls.withLimits(
        calls
            .begin(Script.STATE_SAVE, owner)
            .arg(ifVersion == null ? "" : ifVersion.toString())
            .arg(state.bytes())
            .arg(sha1)
            .arg(calls.ttl())
            .arg(Ids.unique(REQUEST))
            .arg(calls.keys().signals()));
  }

  private SwarmState written(Ownership owner, Json state, VersionReply reply) {
    if (!reply.isOk()) {
      throw StateCalls.conflict(owner, reply.version());
    }
    SwarmState saved = new SwarmState(state, reply.version(), reply.savedAt());
    cache.offer(owner.swarmId(), saved);
    return saved;
  }

  /** From Redis; empty when nothing is saved. */
  private Mono<SwarmState> read(Ownership owner) {
    return look(owner)
        .flatMap(
            stored -> {
              SwarmState state = stored.state();
              if (!stored.isWhole()) {
                return Mono.error(StateCalls.damaged(owner, "the state"));
              }
              return Mono.justOrEmpty(state);
            });
  }

  /** What Redis has, whatever it is. Not in turn: for callers that are. */
  Mono<Stored> look(Ownership owner) {
    return calls
        .run(calls.begin(Script.STATE_LOAD, owner), owner)
        .map(Loaded::from)
        .flatMap(loaded -> stored(owner.swarmId(), loaded));
  }

  /**
   * As it was read.
   *
   * @param now by Redis's clock
   * @param state null when nothing is saved
   * @param sha1 that was saved with it
   */
  @ReplyOf(Script.STATE_LOAD)
  private record Loaded(Instant now, @Nullable SwarmState state, String sha1) {

    static Loaded from(ScriptReply reply) {
      Instant now = Instant.ofEpochMilli(reply.number(1));
      return reply.isOk()
          ? new Loaded(
              now,
              new SwarmState(
                  Json.trusted(reply.bytes(2)),
                  reply.number(3),
                  Instant.ofEpochMilli(reply.number(4))),
              reply.string(5))
          : new Loaded(now, null, "");
    }
  }

  private Mono<Stored> stored(String swarmId, Loaded loaded) {
    SwarmState state = loaded.state();
    return state == null
        ? Mono.just(new Stored(null, null, loaded.now()))
        : calls
            .checksum(state.state().bytes())
            .map(
                sha1 -> {
                  boolean whole = sha1.equals(loaded.sha1());
                  if (whole) {
                    cache.offer(swarmId, state);
                  }
                  return new Stored(state, whole ? sha1 : null, loaded.now());
                });
  }

  /**
   * What Redis has.
   *
   * @param state null when nothing is saved
   * @param sha1 of the state, and the one that was saved with it; null when the two differ
   * @param now by Redis's clock
   */
  record Stored(@Nullable SwarmState state, @Nullable String sha1, Instant now) {

    boolean isWhole() {
      return state == null || sha1 != null;
    }
  }

  /** Others are answered by Redis, which knows whether they may ask. */
  private boolean isHeldHere(Ownership owner) {
    return calls
        .context()
        .holdings()
        .find(owner.swarmId())
        .filter(held -> held.ownership().equals(owner))
        .isPresent();
  }
}
