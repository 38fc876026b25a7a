package io.multiswarm.internal.registry;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmMetadata;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.registry.SwarmUpdate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The writes to an existing swarm: one script each, refusals translated. */
final class SwarmWriter implements SwarmLifecycle {

  /** Others would have to change the same swarm's metadata as often between our read and write. */
  private static final int MOST_CONFLICTS = 32;

  private static final String ANY_REVISION = "";

  private final NodeContext context;
  private final RegistryKeys keys;
  private final Archives archives;
  private final SwarmReader reader;

  SwarmWriter(NodeContext context, RegistryKeys keys, SwarmReader reader, Archives archives) {
    this.archives = archives;
    this.context = context;
    this.keys = keys;
    this.reader = reader;
  }

  Mono<Swarm> update(Ownership owner, SwarmUpdate change) {
    Json patch = change.metadata();
    return patch == null
        ? write(new Write(owner, ANY_REVISION, change, null, false)).map(Optional::orElseThrow)
        : merge(owner, change, patch, 0);
  }

  private Mono<Swarm> merge(Ownership owner, SwarmUpdate change, Json patch, int conflicts) {
    if (conflicts > MOST_CONFLICTS) {
      return Mono.error(Refusal.contended(owner.swarmId()));
    }
    return reader
        .versioned(owner.swarmId())
        .flatMap(
            read -> {
              SwarmMetadata merged = read.swarm().metadata().mergedWith(patch);
              String revision = Long.toString(read.revision());
              return write(new Write(owner, revision, change, merged.json(), false));
            })
        .flatMap(
            written ->
                written
                    .map(Mono::just)
                    .orElseGet(() -> merge(owner, change, patch, conflicts + 1)));
  }

  @Override
  public Mono<Swarm> beginRecovery(Ownership owner) {
    return system(owner, SwarmStatus.RECOVERING);
  }

  @Override
  public Mono<Swarm> finishRecovery(Ownership owner) {
    return system(owner, SwarmStatus.ACTIVE);
  }

  @Override
  public Mono<Swarm> abandonRecovery(Ownership owner) {
    return system(owner, SwarmStatus.INTERRUPTED);
  }

  private Mono<Swarm> system(Ownership owner, SwarmStatus status) {
    SwarmUpdate change = SwarmUpdate.NOTHING.withStatus(status);
    return write(new Write(owner, ANY_REVISION, change, null, true)).map(Optional::orElseThrow);
  }

  private record Write(
      Ownership owner,
      String revision,
      SwarmUpdate change,
      @Nullable Json metadata,
      boolean bySystem) {}

  /** Empty when the revision is another by now. */
  private Mono<Optional<Swarm>> write(Write write) {
    String id = write.owner().swarmId();
    SwarmStatus status = write.change().status();
    ScriptCall call =
        context
            .appending(Script.SWARM_UPDATE)
            .keys(keys.common())
            .keys(keys.swarm(id))
            .arg(id)
            .arg(write.owner().incarnation())
            .arg(write.revision())
            .arg(status == null ? "" : status.word())
            .arg(bytes(write.change().agents()))
            .arg(bytes(write.metadata()))
            .arg(context.options().swarmTtl())
            .arg(write.bySystem() ? 1 : 0)
            .arg(context.options().liveness().sessionGrace())
            .arg(context.keys().signals());
    return context.link().run(call).map(reply -> outcome(SwarmReply.from(reply), write));
  }

  private static Optional<Swarm> outcome(SwarmReply reply, Write write) {
    return switch (reply.status()) {
      case "OK" -> Optional.of(reply.accepted());
      case "CONFLICT" -> Optional.empty();
      case "FAILED_PRECONDITION" -> {
        SwarmStatus wanted = write.change().status();
        throw Refusal.transition(
            write.owner().swarmId(), reply.current(), wanted == null ? "" : wanted.word());
      }
      default -> throw OwnerRefusals.of(reply.status(), write.owner());
    };
  }

  /** Pauses it or resumes it. */
  Mono<Void> pause(Ownership owner, boolean pause) {
    String id = owner.swarmId();
    ScriptCall call =
        context
            .appending(Script.SWARM_PAUSE)
            .keys(keys.common())
            .key(context.keys().paused())
            .keys(keys.swarm(id))
            .arg(id)
            .arg(owner.incarnation())
            .arg(pause ? 1 : 0)
            .arg(context.options().swarmTtl())
            .arg(context.keys().signals());
    return context.link().run(call).doOnNext(reply -> demandOk(reply, owner)).then();
  }

  Mono<Void> heartbeat(Ownership owner) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_HEARTBEAT)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .arg(owner.swarmId())
            .arg(owner.incarnation());
    return context.link().run(call).doOnNext(reply -> demandOk(reply, owner)).then();
  }

  /**
   * @param requestId tells a repetition of this call, which is answered as the first was
   */
  Mono<Void> deregister(Ownership owner, SwarmStatus end, String reason, String requestId) {
    String id = owner.swarmId();
    ScriptCall call =
        context
            .appending(Script.SWARM_DEREGISTER)
            .keys(keys.common())
            .key(keys.memo(id))
            .key(context.keys().archive(id))
            .keys(keys.swarm(id))
            .keys(context.keys().resources())
            .key(context.keys().resourceMemo(id))
            .key(context.keys().paused())
            .keys(keys.archives().subList(0, 2))
            .key(keys.creators())
            .arg(id)
            .arg(owner.incarnation())
            .arg(end.word())
            .arg(Json.quote(reason))
            .arg(RegistryKeys.ARCHIVE_TTL)
            .arg(requestId)
            .arg(keys.signalPrefix())
            .arg(context.keys().signals());
    return context.link().run(call).doOnNext(reply -> deregistered(reply, owner)).then();
  }

  private void deregistered(ScriptReply reply, Ownership owner) {
    demandOk(reply, owner);
    archives.weigh(Deregistered.from(reply).archiveBytes());
  }

  /**
   * @param archiveBytes what all archives take; 0 when nothing was archived now
   */
  @ReplyOf(Script.SWARM_DEREGISTER)
  private record Deregistered(long archiveBytes) {

    static Deregistered from(ScriptReply reply) {
      return new Deregistered(reply.size() > 1 ? reply.number(1) : 0);
    }
  }

  private static void demandOk(ScriptReply reply, Ownership owner) {
    if (!reply.isOk()) {
      throw OwnerRefusals.of(reply.status(), owner);
    }
  }

  private static byte[] bytes(@Nullable Json json) {
    return json == null ? new byte[0] : json.bytes();
  }
}
