package io.multiswarm.internal.election;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Signals;
import io.multiswarm.internal.node.Unreadable;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/** A node that consists of its election alone, over a real Redis. */
public final class TestNode implements AutoCloseable {

  /** Longer than a test, for Redis counts it by its own clock; it ends when the test says so. */
  public static final Duration LEASE = Duration.ofMinutes(10);

  /** Looks four times a second, whatever the lease. */
  public static final Liveness FAST =
      new Liveness(
          Duration.ofSeconds(30),
          LEASE,
          Duration.ofMillis(250),
          Duration.ofSeconds(6),
          Duration.ofSeconds(10));

  public final NodeContext context;
  public final DefaultElection election;
  private final TestRedis redis;

  public TestNode(
      String name,
      TestRedis redis,
      RedisLink link,
      Signals signals,
      Liveness liveness,
      Scheduler scheduler) {
    this.redis = redis;
    this.context =
        new NodeContext(
            name,
            link,
            new Keys(redis.fleet()),
            CoordinationOptions.defaults().withFleet(redis.fleet()).withLiveness(liveness),
            scheduler,
            signals,
            new AttachedSwarms(),
            new KeyedSequence("swarms"),
            new Unreadable(),
            Tracing.NONE);
    this.election = new DefaultElection(context);
    election.start();
  }

  public static RedisLink link(TestRedis redis, Scheduler scheduler) {
    return RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
  }

  /** One subscription for the nodes of a test that share a link. */
  public static Signals signals(TestRedis redis, RedisLink link) {
    return new Signals(link.subscriptions(), new Keys(redis.fleet()), "all");
  }

  public TestNode attach(String swarm, long createdAt) {
    redis.cli("HSET", context.keys().roster(), swarm, "1:" + context.nodeId());
    context.holdings().add(new AttachedSwarms.Held(new Ownership(swarm, 1), createdAt));
    return this;
  }

  public TestNode lose(String swarm, String reason) {
    redis.cli("HDEL", context.keys().roster(), swarm);
    context.holdings().remove(swarm, 1, reason);
    return this;
  }

  public boolean leads() {
    return election.current() instanceof Leadership.Leader;
  }

  public long epoch() {
    return election.current() instanceof Leadership.Leader leader ? leader.epoch() : 0;
  }

  @Override
  public void close() {
    election.stop();
  }
}
