package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Texts;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.state.Copies;
import io.multiswarm.state.SavedVersion;
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
   * @return the reply of the script, never a stale one
   */
  Mono<CopyReply> make(Script script, Ownership owner, String id, Contents contents) {
    return sequence.inTurn(owner.swarmId(), attempt(script, owner, id, contents, List.of(), 1));
  }

  private Mono<CopyReply> attempt(
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
        .map(CopyReply::from)
        .flatMap(
            reply -> {
              if (!reply.isStale()) {
                return Mono.just(reply);
              }
              return tries == ATTEMPTS
                  ? Mono.error(() -> contended(owner))
                  : attempt(script, owner, id, contents, reply.present(), tries + 1);
            });
  }

  Mono<List<Copy>> list(Ownership owner) {
    return sequence.inTurn(
        owner.swarmId(),
        calls
            .run(calls.begin(Script.SNAPSHOT_LIST, owner).key(index(owner)), owner)
            .map(Entry::from)
            .map(entries -> copies(owner, entries)));
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
              owner.swarmId(),
              calls
                  .run(call, owner)
                  .map(VersionReply::from)
                  .map(reply -> restored(owner, id, reply)));
        });
  }

  private SavedVersion restored(Ownership owner, String id, VersionReply reply) {
    switch (reply.status()) {
      case "NONE" -> throw unknown(owner, id);
      case "CONFLICT" -> throw StateCalls.conflict(owner, reply.version());
      case "DAMAGED" -> throw StateCalls.damaged(owner, kind.word() + " " + id);
      default -> {
        cache.heardOf(owner.swarmId(), reply.version());
        return new SavedVersion(reply.version(), reply.savedAt());
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
                    .map(DeletionReply::from)
                    .filter(DeletionReply::existed)
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

  /** A copy as the list of all has it. */
  @ReplyOf(Script.SNAPSHOT_LIST)
  private record Entry(String id, String text) {

    static List<Entry> from(ScriptReply reply) {
      ScriptReply list = reply.list(1);
      List<Entry> entries = new ArrayList<>(list.size() / 2);
      for (int i = 0; i < list.size(); i += 2) {
        entries.add(new Entry(list.string(i), list.string(i + 1)));
      }
      return entries;
    }
  }

  private List<Copy> copies(Ownership owner, List<Entry> entries) {
    List<Copy> copies = new ArrayList<>();
    for (Entry entry : entries) {
      calls
          .context()
          .unreadable()
          .passing(
              kind.word(),
              entry.id() + " of swarm " + owner.swarmId(),
              () -> Copy.parse(entry.id(), entry.text()))
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
