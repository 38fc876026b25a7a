package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.election.DefaultElection;
import io.multiswarm.internal.election.LeaderOffice;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.internal.tasks.Tasks;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node with registry, election and tasks over a real Redis; several in one JVM are a fleet. */
public final class TaskNode implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Liveness LASTING =
      new Liveness(
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(1));

  public final NodeContext context;
  public final Tasks tasks;
  private final RegistryNode registry;
  private final DefaultElection election;
  private final Duties<Leader> duties;
  private final Scheduler scheduler = Schedulers.newSingle("test-node", true);
  private final RedisLink link;

  private TaskNode(
      String name, TestRedis redis, CoordinationOptions options, @Nullable Scheduler clock) {
    this.link = RedisLink.open(redis.uri(), TestNodes.patient(), scheduler);
    CoordinationOptions ofTheFleet = options.withFleet(redis.fleet());
    this.context = NodeContext.of(name, link, ofTheFleet, clock == null ? scheduler : clock);
    this.election = new DefaultElection(context);
    this.registry = RegistryNode.create(context);
    this.duties = new Duties<>(new LeaderOffice(election), context.scheduler());
    this.tasks = new Tasks(context, registry.upkeep(), duties, new TaskStrategies());
    context.signals().start();
    link.connected().block(PATIENCE);
    registry.start();
    election.start();
  }

  public static TaskNode start(String name, TestRedis redis) {
    return start(name, redis, CoordinationOptions.defaults());
  }

  public static TaskNode start(String name, TestRedis redis, CoordinationOptions options) {
    return new TaskNode(name, redis, options.withLiveness(TestNodes.FAST), null);
  }

  /** One that gives up dead nodes as soon as others do, and its leadership as late as is told. */
  public static TaskNode leading(String name, TestRedis redis, Duration leaderLease) {
    Liveness patient =
        new Liveness(
            TestNodes.FAST.heartbeatInterval(),
            leaderLease,
            leaderLease.dividedBy(3),
            TestNodes.FAST.nodeLease(),
            TestNodes.FAST.sessionGrace());
    return new TaskNode(name, redis, CoordinationOptions.defaults().withLiveness(patient), null);
  }

  /** One whose time the test turns; its leases, which Redis counts, outlast the test. */
  public static TaskNode start(String name, TestRedis redis, Scheduler clock) {
    return new TaskNode(name, redis, CoordinationOptions.defaults().withLiveness(LASTING), clock);
  }

  public boolean leads() {
    return leadership() instanceof Leadership.Leader;
  }

  public Leadership leadership() {
    return election.current();
  }

  public TaskQueue queue() {
    return tasks.queue();
  }

  public TaskWorkers workers() {
    return tasks.workers();
  }

  public Duties<UpkeepTerm> upkeep() {
    return registry.upkeep();
  }

  public SwarmRegistry registry() {
    return registry.registry();
  }

  public Ownership swarm(String id, String... capabilities) {
    return swarmOf(id, "normal", capabilities);
  }

  public Ownership swarmOf(String id, String priority, String... capabilities) {
    Json metadata = Json.of(Map.of("priority", priority, "capabilities", List.of(capabilities)));
    return done(registry().register(NewSwarm.of("test " + id).withId(id).withMetadata(metadata)))
        .ownership();
  }

  public void leave(Ownership owner, Departure departure) {
    registry().detach(List.of(owner), departure).block(PATIENCE);
  }

  public Submission submit(NewTask task) {
    return done(queue().submit(null, task));
  }

  public Task task(String id) {
    return done(queue().get(id));
  }

  public static <T> T done(Mono<T> mono) {
    T value = mono.block(PATIENCE);
    if (value == null) {
      throw new AssertionError("empty");
    }
    return value;
  }

  /** Ends without a word, as a killed process does. */
  public void kill() {
    end().subscribe();
    scheduler.dispose();
  }

  private Mono<Void> end() {
    tasks.close();
    duties.stop();
    registry.upkeep().stop();
    return link.close();
  }

  /** When this returns nothing goes on: a client that ends while its Redis does leaks a buffer. */
  @Override
  public void close() {
    end().block(PATIENCE);
    scheduler.dispose();
  }
}
