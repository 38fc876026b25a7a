package io.multiswarm.registry;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node of the test's fleet, with everything real; several of them in one JVM are a cluster. */
final class TestNode implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public final NodeContext context;
  final RegistryNode node;
  final List<String> lost = new CopyOnWriteArrayList<>();
  private final Scheduler scheduler = Schedulers.newSingle("test-node", true);
  private final RedisLink link;

  private TestNode(String name, String uri, CoordinationOptions options) {
    this.link = RedisLink.open(uri, TestNodes.patient(), scheduler);
    this.context = NodeContext.of(name, link, options, scheduler);
    this.node = RegistryNode.create(context);
    context
        .holdings()
        .listen(
            new AttachedSwarms.Listener() {
              @Override
              public void lost(AttachedSwarms.Held held, String reason) {
                lost.add(held.swarmId() + ' ' + held.ownership().incarnation() + ' ' + reason);
              }
            });
    context.signals().start();
    link.connected().block(PATIENCE);
  }

  static TestNode idle(String name, TestRedis redis, CoordinationOptions options) {
    return new TestNode(name, redis.uri(), options.withFleet(redis.fleet()));
  }

  static TestNode idle(String name, TestRedis redis) {
    return idle(name, redis, CoordinationOptions.defaults());
  }

  /** With its jobs running, by {@link #TestNodes.FAST} options. */
  static TestNode running(String name, TestRedis redis) {
    TestNode node = idle(name, redis, CoordinationOptions.defaults().withLiveness(TestNodes.FAST));
    node.node.start();
    return node;
  }

  SwarmRegistry registry() {
    return node.registry();
  }

  Keys keys() {
    return context.keys();
  }

  Registration register(String id) {
    return registry().register(NewSwarm.of("test " + id).withId(id)).block(PATIENCE);
  }

  Swarm get(String id) {
    return registry().get(id).block(PATIENCE);
  }

  void detach(Ownership held, Departure departure) {
    registry().detach(List.of(held), departure).block(PATIENCE);
  }

  static <T> T done(Mono<T> mono) {
    return mono.block(PATIENCE);
  }

  /** Ends without a word, as a killed process does. */
  void kill() {
    link.close();
    scheduler.dispose();
  }

  /** When this returns nothing goes on: a client that ends while its Redis does leaks a buffer. */
  @Override
  public void close() {
    link.close().block(PATIENCE);
    scheduler.dispose();
  }
}
