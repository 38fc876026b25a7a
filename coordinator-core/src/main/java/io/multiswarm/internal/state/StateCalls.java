package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.StateLimits;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.Checksum;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** What all calls of the scripts have in common: their first keys and arguments, and refusals. */
record StateCalls(NodeContext context) {

  Keys keys() {
    return context.keys();
  }

  /** With the keys that {@code lib/state} names, and the two arguments that prove the caller. */
  ScriptCall begin(Script script, Ownership owner) {
    String id = owner.swarmId();
    return ScriptCall.of(script)
        .key(keys().roster())
        .key(keys().record(id))
        .key(keys().state(id))
        .key(meta(id))
        .key(keys().stateStatistics())
        .key(keys().stateWeights())
        .arg(id)
        .arg(owner.incarnation());
  }

  String meta(String swarmId) {
    return keys().sys("state", swarmId);
  }

  Duration ttl() {
    return context.options().swarmTtl();
  }

  /** Adds what all swarms may take at most, and those of one principal. */
  ScriptCall withLimits(ScriptCall call) {
    StateLimits limits = context.options().states();
    return call.arg(limits.bytes()).arg(limits.principalBytes());
  }

  Mono<String> checksum(byte[] bytes) {
    return context.work(bytes.length, () -> Checksum.of(bytes));
  }

  /** The reply of an accepted call; refusals that any call can have become errors. */
  Mono<ScriptReply> run(ScriptCall call, Ownership owner) {
    return context
        .link()
        .run(call)
        .map(
            reply -> {
              switch (reply.status()) {
                case "NOT_FOUND", "FENCED" -> throw OwnerRefusals.of(reply.status(), owner);
                case "TOO_LARGE" ->
                    throw full(
                        owner,
                        "what all swarms saved takes",
                        context.options().states().bytes(),
                        "STATE_BYTES");
                case "TOO_LARGE_OF_ONE" ->
                    throw full(
                        owner,
                        "what the swarms of its principal saved takes",
                        context.options().states().principalBytes(),
                        "MAX_STATE_BYTES_PER_PRINCIPAL");
                default -> {
                  return reply;
                }
              }
            });
  }

  /** Refuses what is no JSON object or too large. */
  void check(String what, Json json) {
    if (!json.isObject()) {
      throw CoordinationException.invalid(what, "must be a JSON object");
    }
    int most = context.options().maxMessageSize();
    if (json.length() > most) {
      throw CoordinationException.of(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "%s: %d bytes, at most %d are kept; keep large artefacts elsewhere and save where",
              what,
              json.length(),
              most)
          .with("limit", most);
    }
  }

  private static CoordinationException full(
      Ownership owner, String what, long limit, String setting) {
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "swarm: %s, with this %s more than %d bytes, which is the limit (%s); delete states,"
            + " snapshots or checkpoints that nobody needs",
        owner.swarmId(),
        what,
        limit,
        setting);
  }

  static CoordinationException nothingSaved(Ownership owner) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND, "swarm: %s has no saved state; save one first", owner.swarmId());
  }

  static CoordinationException damaged(Ownership owner, String what) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "swarm: %s, %s is damaged: its checksum is not the one that was saved; recover the swarm"
            + " from another source",
        owner.swarmId(),
        what);
  }

  static CoordinationException conflict(Ownership owner, long version) {
    return CoordinationException.of(
            ErrorCode.CONFLICT,
            "swarm: %s, the state's version is %d; load it and try again",
            owner.swarmId(),
            version)
        .with("version", version);
  }
}
