package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import reactor.core.publisher.Mono;

/** The lease as {@code swarm:leader} and {@code swarm:sys:leadership}, by the scripts leader_*. */
final class RedisLeaseStore implements LeaseStore {

  private static final String ANNOUNCED_ON = "swarm:coordination";

  private final NodeContext context;
  private final Keys keys;

  RedisLeaseStore(NodeContext context) {
    this.context = context;
    this.keys = context.keys();
  }

  @Override
  public Mono<LeaseAnswer> campaign(AttachedSwarms.Held candidate, long nonce, long newest) {
    ScriptCall call =
        context
            .appending(Script.LEADER_CAMPAIGN)
            .key(keys.leader())
            .key(keys.leadership())
            .key(keys.roster())
            .key(keys.signals())
            .keys(keys.history(ANNOUNCED_ON))
            .arg(candidate.swarmId())
            .arg(candidate.ownership().incarnation())
            .arg(context.nodeId())
            .arg(nonce)
            .arg(context.options().liveness().leaderLease())
            .arg(newest);
    return context.link().run(call).map(LeaseReplies::answer);
  }

  @Override
  public Mono<LeaseAnswer> renew(long epoch) {
    ScriptCall call =
        ScriptCall.of(Script.LEADER_RENEW)
            .key(keys.leader())
            .key(keys.leadership())
            .arg(epoch)
            .arg(context.options().liveness().leaderLease());
    return context.link().run(call).map(LeaseReplies::answer);
  }

  @Override
  public Mono<Void> release(long epoch) {
    ScriptCall call =
        context
            .appending(Script.LEADER_RELEASE)
            .keys(keys.vacancy())
            .key(keys.signals())
            .arg(epoch);
    // FENCED is as good: it was over before.
    return context.link().run(call).then();
  }

  @Override
  public Mono<LeaderInfo> look() {
    return Mono.fromSupplier(
            () -> ScriptCall.of(Script.LEADER_LOOK).key(keys.leader()).key(keys.leadership()))
        .flatMap(context.link()::run)
        .flatMap(reply -> Mono.justOrEmpty(LeaseReplies.leader(reply)));
  }
}
