package io.multiswarm.internal.resources;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.ResourceOptions;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Tells of swarms that hold resources and do nothing, and takes back what pools want back. */
record IdleDuty(NodeContext context, ResourceOptions options) implements Duty.Periodic<Leader> {

  @Override
  public String name() {
    return "resource optimisation";
  }

  @Override
  public Duration interval() {
    return options.idleInterval();
  }

  @Override
  public Mono<Void> run(Leader leader) {
    return Pages.of(
        (cursor, swarms) ->
            page(leader, cursor, swarms).doOnNext(reply -> demandLeading(reply, leader)));
  }

  private static void demandLeading(ScriptReply reply, Leader leader) {
    if (!reply.isOk()) {
      throw CoordinationException.of(
          ErrorCode.FENCED, "leadership: epoch %d is over", leader.epoch());
    }
  }

  private Mono<ScriptReply> page(Leader leader, String cursor, Pages.Swarms swarms) {
    Keys keys = context.keys();
    ScriptCall call =
        context
            .appending(Script.RESOURCE_IDLE)
            .keys(keys.resources())
            .key(keys.leadership())
            .key(keys.leader())
            .key(keys.load())
            .key(keys.sys("resource-idle"))
            .keys(keys.history("swarm:events"))
            .arg(keys.nodeSignals(""))
            .arg(leader.epoch())
            .arg(leader.swarmId())
            .arg(cursor)
            .arg(options.idleAfter())
            .arg(options.reclaimAfter());
    swarms.forEach(
        id ->
            call.key(keys.record(id))
                .key(keys.resourceMemo(id))
                .keys(keys.history("swarm:" + id))
                .arg(id));
    return context.link().run(call);
  }
}
