package io.multiswarm.state;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.StateLimits;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.state.RedisStateManager;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A node with nothing but its states; who is registered is written into Redis by hand. */
public final class StateNode implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(20);

  public final NodeContext context;
  public final RedisStateManager manager;
  private final TestNodes node;
  private final TestRedis redis;

  private StateNode(TestRedis redis, TestNodes node) {
    this.redis = redis;
    this.node = node;
    this.context = node.context();
    this.manager = new RedisStateManager(context);
    node.startSignals();
  }

  public StateNode(TestRedis redis) {
    this(redis, TestNodes.connect(redis.uri(), options(redis)));
  }

  /** A node whose clock the test turns. */
  public StateNode(TestRedis redis, Scheduler clock) {
    this(redis, TestNodes.connect(redis.uri(), options(redis), clock));
  }

  /** A node where less may be saved. */
  public StateNode(TestRedis redis, StateLimits limits) {
    this(redis, TestNodes.connect(redis.uri(), options(redis).withStates(limits)));
  }

  private static CoordinationOptions options(TestRedis redis) {
    return CoordinationOptions.defaults().withFleet(redis.fleet());
  }

  /** Registered, with a life of its own, and held by this node. */
  public Ownership register(String swarmId) {
    return register(swarmId, 1);
  }

  public Ownership register(String swarmId, long incarnation) {
    redis.cli("HSET", keys().roster(), swarmId, incarnation + ":" + context.nodeId());
    redis.cli("HSETNX", keys().record(swarmId), "keyHash", "key-of-" + swarmId);
    Ownership owner = new Ownership(swarmId, incarnation);
    context.holdings().add(new AttachedSwarms.Held(owner, incarnation));
    return owner;
  }

  public Keys keys() {
    return context.keys();
  }

  public SwarmStates states() {
    return manager.states();
  }

  public long save(Ownership owner, String json) {
    return done(states().save(owner, Json.parse(json), null)).version();
  }

  public SwarmState load(Ownership owner) {
    return done(states().load(owner));
  }

  public Snapshot snapshot(Ownership owner) {
    return done(manager.snapshots().create(owner, null));
  }

  public List<Snapshot> snapshots(Ownership owner) {
    return done(manager.snapshots().list(owner));
  }

  public static <T> T done(Mono<T> mono) {
    T result = mono.block(PATIENCE);
    if (result == null) {
      throw new AssertionError("completed without a value");
    }
    return result;
  }

  @Override
  public void close() {
    manager.stop();
    node.close();
  }
}
