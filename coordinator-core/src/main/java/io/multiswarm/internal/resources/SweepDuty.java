package io.multiswarm.internal.resources;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.ResourceOptions;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Returns what is held by swarms that are gone for good; nothing depends on a signal. */
public record SweepDuty(NodeContext context, ResourceOptions options)
    implements Duty.Periodic<UpkeepTerm> {

  /** Sweeps that are further apart were interrupted: nobody could come back meanwhile. */
  private static final int MISSED_SWEEPS = 5;

  @Override
  public String name() {
    return "resources of lost swarms";
  }

  @Override
  public Duration interval() {
    return options.sweepInterval();
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return Pages.of((cursor, swarms) -> page(term, cursor, swarms).flatMap(term::unlessFenced));
  }

  private Mono<ScriptReply> page(UpkeepTerm term, String cursor, Pages.Swarms swarms) {
    Keys keys = context.keys();
    ScriptCall call =
        context
            .appending(Script.RESOURCE_SWEEP)
            .keys(keys.resources())
            .key(keys.upkeep())
            .key(keys.detached())
            .key(keys.sys("resource-gone"))
            .keys(keys.history("swarm:events"))
            .arg(keys.nodeSignals(""))
            .arg(term.token())
            .arg(cursor)
            .arg(options.recoveryWindow())
            .arg(options.sweepInterval().multipliedBy(MISSED_SWEEPS));
    swarms.forEach(id -> call.key(keys.resourceMemo(id)).arg(id));
    return context.link().run(call);
  }
}
