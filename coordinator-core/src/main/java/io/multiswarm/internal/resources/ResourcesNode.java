package io.multiswarm.internal.resources;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.resources.ResourceOptions;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.resources.Resources;
import reactor.core.publisher.Mono;

/**
 * The resources of one node: allocation on every node, the search for what lies idle whenever the
 * node leads, and for what was left behind whenever it keeps the fleet up.
 */
public final class ResourcesNode {

  private final RedisResources resources;

  private ResourcesNode(RedisResources resources) {
    this.resources = resources;
  }

  /** Registers handlers of signals; call it before these are started. */
  public static ResourcesNode create(
      NodeContext context,
      Duties<UpkeepTerm> upkeep,
      Duties<Leader> duties,
      ResourceOptions options) {
    upkeep.add(new SweepDuty(context, options));
    duties.add(new IdleDuty(context, options));
    return new ResourcesNode(new RedisResources(context));
  }

  public Resources resources() {
    return resources;
  }

  /** What a swarm has, of whatever node and whether it is registered or not; for recovery. */
  public Mono<ResourceHolding> holding(String swarmId) {
    return resources.holding(swarmId);
  }

  /** What {@link Resources#statistics} reads, to be read together with others. */
  public Counts<ResourceStatistics> counts() {
    return resources.counts();
  }
}
