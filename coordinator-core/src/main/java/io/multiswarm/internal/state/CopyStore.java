package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Texts;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.state.Copies;
import io.multiswarm.state.SavedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What snapshots and checkpoints have in common.
 *
 * <p>A script may only touch keys that it was given, and which copy is the oldest is only known
 * inside it. So a copy is made without naming any other first; a full store refuses and names what
 * it has, and the call comes again with those keys.
 */
record CopyStore(StateCalls calls, KeyedSequence sequence, StateCache cache, CopyKind kind) {

  private static final int ATTEMPTS = 5;
  private static final String REQUEST = "r";

  /** Adds to a call what is special to making one: everything between the id and the limits. */
  interface Contents {
    ScriptCall addTo(ScriptCall call);
  }

  /**
   * Makes a copy.
   *
   * @return the reply of the script, never STALE
   */
  Mono<ScriptReply> make(Script script, Ownership owner, String id, Contents contents) {
    return sequence.inTurn(owner.swarmId(), attempt(script, owner, id, contents, List.of(), 1));
  }

  private Mono<ScriptReply> attempt(
      Script script, Ownership owner, String id, Contents contents, List<String> known, int tries) {
    ScriptCall call =
        calls
            .begin(script, owner)
            .key(index(owner))
            .key(kind.key(calls.keys(), owner.swarmId(), id))
            .arg(id);
    calls.withLimits(contents.addTo(call).arg(Copies.MOST).arg(calls.ttl()));
    known.forEach(old -> call.key(kind.key(calls.keys(), owner.swarmId(), old)).arg(old));
    return calls
        .run(call, owner)
        .flatMap(
            reply -> {
              if (!reply.status().equals("STALE")) {
                return Mono.just(reply);
              }
              return tries == ATTEMPTS
                  ? Mono.error(() -> contended(owner))
                  : attempt(script, owner, id, contents, reply.strings(1), tries + 1);
            });
  }

  Mono<List<Copy>> list(Ownership owner) {
    return sequence.inTurn(
        owner.swarmId(),
        calls
            .run(calls.begin(Script.SNAPSHOT_LIST, owner).key(index(owner)), owner)
            .map(reply -> copies(owner, reply.list(1))));
  }

  Mono<SavedVersion> restore(Ownership owner, String id) {
    return restore(owner, id, false);
  }

  /** {@code CONFLICT} when {@code ifLost} and there is a state that is neither lost nor damaged. */
  Mono<SavedVersion> restore(Ownership owner, String id, boolean ifLost) {
    return Mono.defer(
        () -> {
          ScriptCall call =
              calls.withLimits(
                  one(Script.SNAPSHOT_RESTORE, owner, id)
                      .arg(calls.ttl())
                      .arg(Ids.unique(REQUEST))
                      .arg(calls.keys().signals())
                      .arg(ifLost ? 1 : 0));
          return sequence.inTurn(
              owner.swarmId(), calls.run(call, owner).map(reply -> restored(owner, id, reply)));
        });
  }

  private SavedVersion restored(Ownership owner, String id, ScriptReply reply) {
    switch (reply.status()) {
      case "NONE" -> throw unknown(owner, id);
      case "CONFLICT" -> throw StateCalls.conflict(owner, reply.number(1));
      case "DAMAGED" -> throw StateCalls.damaged(owner, kind.word() + " " + id);
      default -> {
        cache.heardOf(owner.swarmId(), reply.number(1));
        return new SavedVersion(reply.number(1), Instant.ofEpochMilli(reply.number(2)));
      }
    }
  }

  Mono<Void> delete(Ownership owner, String id) {
    return Mono.defer(
        () ->
            sequence.inTurn(
                owner.swarmId(),
                calls
                    .run(
                        one(Script.SNAPSHOT_DELETE, owner, id)
                            .arg(calls.ttl())
                            .arg(Ids.unique(REQUEST))
                            .arg(kind.part()),
                        owner)
                    .filter(reply -> reply.number(1) == 1)
                    .switchIfEmpty(Mono.error(() -> unknown(owner, id)))
                    .then()));
  }

  /** A call about one copy; refuses an id that cannot be one before it becomes part of a key. */
  private ScriptCall one(Script script, Ownership owner, String id) {
    Ids.check(kind.word() + "Id", id);
    return calls
        .begin(script, owner)
        .key(index(owner))
        .key(kind.key(calls.keys(), owner.swarmId(), id))
        .arg(id);
  }

  String newId() {
    return Ids.unique(kind.word());
  }

  /** The label as JSON; null when there is none. */
  static String label(@Nullable String label) {
    return label == null ? "null" : Json.quote(Texts.check("label", label, Copies.MAX_LABEL));
  }

  private String index(Ownership owner) {
    return kind.index(calls.keys(), owner.swarmId());
  }

  private List<Copy> copies(Ownership owner, ScriptReply list) {
    List<Copy> copies = new ArrayList<>();
    for (int i = 0; i < list.size(); i += 2) {
      String id = list.string(i);
      String entry = list.string(i + 1);
      calls
          .context()
          .unreadable()
          .passing(
              "%s %s of swarm %s".formatted(kind.word(), id, owner.swarmId()),
              () -> Copy.parse(id, entry))
          .ifPresent(copies::add);
    }
    return copies;
  }

  private CoordinationException unknown(Ownership owner, String id) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND,
        "swarm: %s has no %s %s; the list tells which there are",
        owner.swarmId(),
        kind.word(),
        id);
  }

  private CoordinationException contended(Ownership owner) {
    return CoordinationException.of(
        ErrorCode.CONFLICT,
        "swarm: %s, its %ss are being changed by others all the time; try again",
        owner.swarmId(),
        kind.word());
  }
}
