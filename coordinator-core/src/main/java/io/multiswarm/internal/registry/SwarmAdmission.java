package io.multiswarm.internal.registry;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.Labels;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmRegistry.Attachment;
import io.multiswarm.registry.SwarmRegistry.Registration;
import reactor.core.publisher.Mono;

/** How a swarm comes to this node: registered anew, or attached by its key. */
final class SwarmAdmission {

  private static final String LAPSED = "LAPSED";
  private static final String LET_GO = "LET_GO";

  private final NodeContext context;
  private final RegistryKeys keys;
  private final NodeLease lease;
  private final AttachKey secrets = new AttachKey();

  SwarmAdmission(NodeContext context, RegistryKeys keys, NodeLease lease) {
    this.context = context;
    this.keys = keys;
    this.lease = lease;
  }

  Mono<Registration> register(NewSwarm wanted) {
    String given = wanted.id();
    String id = given == null ? Ids.unique("swarm") : given;
    String key = secrets.generate();
    // Nobody knew that we hold it, so its grace may have passed since; the key is ours all the
    // same.
    return alive(registration(id, wanted, key))
        .flatMap(
            reply ->
                reply.status().equals(LET_GO) ? alive(attachment(id, key, "")) : Mono.just(reply))
        .map(
            reply -> {
              Swarm swarm = admitted(reply, id);
              return new Registration(swarm, hold(swarm), key);
            });
  }

  Mono<Attachment> attach(String id, String key) {
    return alive(attachment(id, key, ""))
        .map(
            reply -> {
              Swarm swarm = admitted(reply, id);
              return new Attachment(swarm, hold(swarm));
            });
  }

  Mono<Registration> attachWithNewKey(String id) {
    String key = secrets.generate();
    return alive(attachment(id, key, AttachKey.hash(key)))
        .map(
            reply -> {
              Swarm swarm = admitted(reply, id);
              return new Registration(swarm, hold(swarm), key);
            });
  }

  private ScriptCall registration(String id, NewSwarm wanted, String key) {
    String principal = wanted.principal();
    return context
        .appending(Script.SWARM_REGISTER)
        .keys(keys.common())
        .key(keys.memo(id))
        .keys(keys.swarm(id))
        .keys(context.keys().history(ChannelName.of(id)))
        .key(keys.creators())
        .arg(id)
        .arg(Json.quote(wanted.objective()))
        .arg(Json.quote(wanted.strategy()))
        .arg(wanted.mode().word())
        .arg(wanted.maxAgents())
        .arg(wanted.metadata().json().bytes())
        .arg(AttachKey.hash(key))
        .arg(context.nodeId())
        .arg(context.options().maxSwarms())
        .arg(context.options().swarmTtl())
        .arg(newestHeld(id))
        .arg(principal == null ? "" : Labels.of(principal))
        .arg(context.options().principalSwarms());
  }

  /**
   * @param newKeyHash empty when the key must be the one that is good
   */
  private ScriptCall attachment(String id, String key, String newKeyHash) {
    return context
        .appending(Script.SWARM_ATTACH)
        .keys(keys.common())
        .keys(keys.swarm(id))
        .key(keys.creators())
        .arg(id)
        .arg(AttachKey.hash(key))
        .arg(context.nodeId())
        .arg(context.options().swarmTtl())
        .arg(keys.signalPrefix())
        .arg(newestHeld(id))
        .arg(newKeyHash);
  }

  /** What Redis gives is newer, whatever it has lost: nothing here takes the new for the old. */
  private long newestHeld(String id) {
    return context.holdings().find(id).map(held -> held.ownership().incarnation()).orElse(0L);
  }

  /** A node whose lease is over takes no swarm: it renews the lease first. */
  private Mono<SwarmReply> alive(ScriptCall call) {
    Mono<SwarmReply> once = context.link().run(call).map(SwarmReply::from);
    return once.flatMap(
        reply -> reply.status().equals(LAPSED) ? lease.renew().then(once) : Mono.just(reply));
  }

  private Swarm admitted(SwarmReply reply, String id) {
    return switch (reply.status()) {
      case "OK" -> reply.accepted();
      case "ALREADY_EXISTS" -> throw Refusal.exists(id);
      case "RESOURCE_EXHAUSTED" -> throw Refusal.full(context.options().maxSwarms());
      case "TOO_MANY_OF_ONE" -> throw Refusal.fullOfOne(context.options().principalSwarms());
      case "PERMISSION_DENIED" -> throw Refusal.wrongKey(id);
      case "NOT_FOUND" -> throw OwnerRefusals.unknown(id);
      default -> throw Refusal.nodeLapsed(context.nodeId());
    };
  }

  private Ownership hold(Swarm swarm) {
    Ownership ownership = new Ownership(swarm.id(), swarm.incarnation());
    context.holdings().add(new Held(ownership, swarm.createdAt().toEpochMilli()));
    return ownership;
  }
}
