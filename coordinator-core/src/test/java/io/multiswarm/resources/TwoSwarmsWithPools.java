package io.multiswarm.resources;

import io.multiswarm.common.Ownership;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of resources begin with: a node with two swarms, 100 of cpu and 10 of memory. */
@RedisTest
public abstract class TwoSwarmsWithPools {

  public TestRedis redis;
  public ResourceNode node;
  public Ownership a;
  public Ownership b;

  @BeforeEach
  public void open(TestRedis redis) {
    this.redis = redis;
    this.node = ResourceNode.started(redis);
    this.a = node.attach("a", 1);
    this.b = node.attach("b", 1);
    node.define("cpu", 100);
    node.define("memory", 10);
  }

  @AfterEach
  public void close() {
    node.close();
  }
}
