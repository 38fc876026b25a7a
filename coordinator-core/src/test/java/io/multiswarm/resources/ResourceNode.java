package io.multiswarm.resources;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.resources.RedisResources;
import io.multiswarm.internal.resources.ResourceHolding;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A node of its resources alone; who exists is written into the roster by hand. */
public final class ResourceNode implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(20);
  public static final Leader LEADER = new Leader("leader", 7, Duration.ofDays(1));
  public static final UpkeepTerm UPKEEP = new UpkeepTerm(7);

  public final NodeContext context;
  public final RedisResources resources;
  private final TestRedis redis;
  private final TestNodes node;

  private ResourceNode(TestRedis redis, TestNodes node) {
    this.redis = redis;
    this.node = node;
    this.context = node.context();
    this.resources = new RedisResources(context);
  }

  public static ResourceNode started(TestRedis redis) {
    return hearing(deaf(redis));
  }

  /** One whose time the test turns. */
  public static ResourceNode started(TestRedis redis, Scheduler clock) {
    return hearing(new ResourceNode(redis, TestNodes.connect(redis.uri(), options(redis), clock)));
  }

  private static ResourceNode hearing(ResourceNode node) {
    node.node.startSignals();
    return node;
  }

  /** One that no signal reaches. */
  public static ResourceNode deaf(TestRedis redis) {
    return new ResourceNode(redis, TestNodes.connect(redis.uri(), options(redis)));
  }

  private static CoordinationOptions options(TestRedis redis) {
    return CoordinationOptions.defaults().withFleet(redis.fleet());
  }

  /** Attached to this node. */
  public Ownership attach(String swarm, long incarnation) {
    redis.cli("HSET", context.keys().roster(), swarm, incarnation + ":" + context.nodeId());
    return new Ownership(swarm, incarnation);
  }

  /** Registered, attached to nobody, its grace over. */
  public void lose(String swarm, long incarnation) {
    redis.cli("HSET", context.keys().roster(), swarm, incarnation + ":");
  }

  public void forget(String swarm) {
    redis.cli("HDEL", context.keys().roster(), swarm);
  }

  public void lead() {
    String epoch = Long.toString(LEADER.epoch());
    redis.cli("HSET", context.keys().leadership(), "epoch", epoch, "swarmId", LEADER.swarmId());
    redis.cli("SET", context.keys().leader(), LEADER.swarmId());
    redis.cli("HSET", context.keys().upkeep(), "token", Long.toString(UPKEEP.token()));
  }

  public void define(String type, long total) {
    done(resources.define(PoolDefinition.of(type, total)));
  }

  public Grant allocate(Ownership owner, String type, long amount) {
    return done(resources.allocate(owner, AllocationRequest.of(type, amount)));
  }

  public Pool pool(String type) {
    return done(resources.list(new ResourceQuery(type, null))).get(0);
  }

  public ResourceHolding holding(String swarm) {
    return done(resources.holding(swarm));
  }

  public long waiting() {
    return done(resources.statistics()).waiting();
  }

  public static <T> T done(Mono<T> mono) {
    return mono.block(PATIENCE);
  }

  @Override
  public void close() {
    node.close();
  }
}
