package io.multiswarm.internal.election;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The lease as {@code swarm:leader} and {@code swarm:sys:leadership}, by the scripts leader_*. */
final class RedisLeaseStore implements LeaseStore {

  private static final String ANNOUNCED_ON = "swarm:coordination";
  private static final String HELD = "HELD";
  private static final String SPENT = "SPENT";

  /** {@code PTTL} of a key that never expires: a foreign value that was set by hand. */
  private static final Duration FOR_EVER = Duration.ofDays(1);

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
    return context.link().run(call).map(RedisLeaseStore::answer);
  }

  @Override
  public Mono<LeaseAnswer> renew(long epoch) {
    ScriptCall call =
        ScriptCall.of(Script.LEADER_RENEW)
            .key(keys.leader())
            .key(keys.leadership())
            .arg(epoch)
            .arg(context.options().liveness().leaderLease());
    return context.link().run(call).map(RedisLeaseStore::answer);
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
        .flatMap(reply -> reply.isNull(0) ? Mono.empty() : Mono.just(leader(reply, 0)));
  }

  private static LeaseAnswer answer(ScriptReply reply) {
    String status = reply.status();
    if (reply.isOk()) {
      return new LeaseAnswer.Granted(reply.number(1), Duration.ofMillis(reply.number(2)));
    }
    if (status.equals(HELD)) {
      return new LeaseAnswer.Held(leader(reply, 1));
    }
    if (status.equals(SPENT) || status.equals(ErrorCode.FENCED.name())) {
      return new LeaseAnswer.Denied();
    }
    throw new IllegalStateException("unknown answer of a leader script: " + status);
  }

  private static LeaderInfo leader(ScriptReply reply, int from) {
    String node = reply.string(from + 2);
    long left = reply.number(from + 3);
    return new LeaderInfo(
        reply.string(from),
        reply.number(from + 1),
        node.isEmpty() ? null : node,
        left < 0 ? FOR_EVER : Duration.ofMillis(left));
  }
}
