package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.Relay;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.SharedRedis;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tasks on several servers, while a family of faults happens to them, to their clients or to Redis.
 *
 * <p><b>Invariant.</b> That of {@link FaultFamily}.
 */
public final class ChaosScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param seed of everything that is random
   * @param patience how long nothing may be completed, in the end, before what is missing is lost
   */
  public record Plan(
      Faults faults, int tasks, long seed, Duration patience, Crowd crowd, ServerPlan servers) {

    public Plan {
      if (faults.family().needsOneRedis() && !servers.topology().isAlone()) {
        throw new IllegalArgumentException(
            "--faults %s happen to one process of Redis, so there is no --topology beside them"
                .formatted(faults.family()));
      }
      if (tasks < 1 || faults.count() < 0) {
        throw new IllegalArgumentException("There is at least one task, and no negative kill");
      }
    }
  }

  /**
   * So many of a family.
   *
   * @param recovery from the end of a disturbance of the network to the next assignment, at most
   */
  public record Faults(FaultFamily family, int count, Duration recovery) {}

  /**
   * Who does the tasks.
   *
   * @param swarms in all
   * @param perSession of them in a session
   * @param credit how many tasks a swarm is ready for
   * @param unfinished tasks at most, in all
   * @param perSecond tasks at most that are submitted; 0 for as many as get done
   */
  public record Crowd(int swarms, int perSession, int credit, int unfinished, int perSecond) {

    private static final int MOST_AT_ONCE = 40;

    /** Who do as much as they can. */
    public Crowd(int swarms, int perSession, int credit, int unfinished) {
      this(swarms, perSession, credit, unfinished, 0);
    }

    public Crowd {
      if (swarms < 1 || perSession < 1 || credit < 1 || unfinished < 1 || perSecond < 0) {
        throw new IllegalArgumentException(
            "There is at least one swarm, in a session, ready for a task");
      }
      if (perSession * credit > MOST_AT_ONCE) {
        throw new IllegalArgumentException(
            "A session may have 64 requests on their way, so its swarms are ready for %d tasks at most, not %d × %d"
                .formatted(MOST_AT_ONCE, perSession, credit));
      }
    }

    int sessions() {
      return (swarms + perSession - 1) / perSession;
    }
  }

  private final Plan plan;
  private final Onlooker onlooker;

  public ChaosScenario(Plan plan) {
    this(plan, Onlooker.NOBODY);
  }

  public ChaosScenario(Plan plan, Onlooker onlooker) {
    this.plan = plan;
    this.onlooker = onlooker;
  }

  @Override
  public String promise() {
    return plan.faults().family().promise();
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  /** Redis syncs its file with each write: what is judged is that nothing else loses anything. */
  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Mono.usingWhen(
        plan.servers().topology().start(Sync.ALWAYS, context.clock()),
        redis -> on(redis, context),
        SharedRedis::close);
  }

  private Mono<Report> on(SharedRedis redis, ScenarioContext context) {
    if (plan.faults().family() != FaultFamily.NETWORK) {
      return on(redis, List.of(), context);
    }
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())),
        loops ->
            Mono.usingWhen(
                relays(redis, loops),
                relays -> on(redis, relays, context),
                relays -> Mono.fromRunnable(() -> relays.forEach(Relay::close))),
        loops -> Mono.fromRunnable(() -> quit(loops)));
  }

  private Mono<List<Relay>> relays(SharedRedis redis, EventLoopGroup loops) {
    return Flux.range(0, plan.servers().count())
        .concatMap(any -> Relay.open(redis.uri(), loops))
        .collectList();
  }

  /** Nothing is left to run on them, so there is nothing to wait for. */
  private static void quit(EventLoopGroup loops) {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private Mono<Report> on(SharedRedis redis, List<Relay> relays, ScenarioContext context) {
    var leaderships = new LeadershipLedger();
    List<URI> ways =
        relays.isEmpty() ? List.of(redis.uri()) : relays.stream().map(Relay::uri).toList();
    return Mono.usingWhen(
        RedisObserver.open(
            redis.heardAt(), leaderships, () -> context.clock().now(TimeUnit.NANOSECONDS)),
        observer -> {
          var chaos =
              new ChaosContext(plan, context, ServerSlots.of(plan.servers(), ways, context));
          return Mono.usingWhen(
              Mono.just(chaos),
              any ->
                  new ChaosRun(chaos, new Terrain(redis, relays, observer), leaderships, onlooker)
                      .report(),
              any -> chaos.slots().close());
        },
        RedisObserver::close);
  }
}
