package io.multiswarm.load.failover;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.Relay;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.SharedRedis;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Several servers on one Redis, of which the leader is killed, stopped and paused, again and again.
 */
public final class FailoverScenario implements Scenario {

  /**
   * What may take how long.
   *
   * @param allowance of a hand-over, and of a take-over beyond the lease
   * @param afterSwitch from a {@code +switch-master} to the first script at the new master
   * @param byHand likewise, when the old one was not dead
   */
  public record Bounds(Duration allowance, Duration afterSwitch, Duration byHand) {}

  /**
   * What is asked of the scenario.
   *
   * @param kills of the leader with SIGKILL, and as many stops of it with SIGTERM
   * @param pauses of the leader past its lease
   * @param swarms of each server
   */
  public record Plan(int kills, int pauses, Bounds bounds, int swarms, ServerPlan servers) {

    public Plan {
      if (kills < 0 || pauses < 0 || kills + pauses == 0) {
        throw new IllegalArgumentException("There is at least one round");
      }
      if (swarms < 1) {
        throw new IllegalArgumentException("Each server has a swarm at least");
      }
    }

    List<LeaderFault> faults() {
      List<LeaderFault> faults = new ArrayList<>();
      for (int round = 0; round < Math.max(kills, pauses); round++) {
        if (round < kills) {
          faults.add(LeaderFault.KILL);
          faults.add(LeaderFault.STOP);
        }
        if (round < pauses) {
          faults.add(servers.topology().isAlone() ? LeaderFault.PAUSE : LeaderFault.BEREFT);
          if (servers.topology().isHandedOver()) {
            faults.add(LeaderFault.MOVED);
          }
        }
      }
      return faults;
    }
  }

  private final Plan plan;

  public FailoverScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "After a leader's end another one leads within the lease, and nothing that the"
        + " old one writes late is accepted.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return context
        .redis()
        .map(redis -> on(SharedRedis.at(redis), context))
        .orElseGet(
            () ->
                Mono.usingWhen(
                    plan.servers().topology().start(Sync.EVERYSEC, context.clock()),
                    redis -> on(redis, context),
                    SharedRedis::close));
  }

  private Mono<Report> on(SharedRedis redis, ScenarioContext context) {
    var ledger = new LeadershipLedger();
    return Mono.usingWhen(
        RedisObserver.open(
            redis.heardAt(), ledger, () -> context.clock().now(TimeUnit.NANOSECONDS)),
        observer ->
            between(
                redis.uri(),
                context,
                nodes ->
                    new FailoverRun(
                        plan, context, observer, new Installation(redis, nodes), ledger)),
        RedisObserver::close);
  }

  /** Redis and the servers on it. */
  record Installation(SharedRedis redis, List<Node> nodes) {}

  private Mono<Report> between(
      URI redis, ScenarioContext context, Function<List<Node>, FailoverRun> run) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())),
        loops ->
            Mono.usingWhen(
                nodes(redis, context, loops),
                nodes -> run.apply(nodes).report(),
                nodes -> Flux.fromIterable(nodes).flatMap(Node::close).then()),
        loops -> Mono.fromRunnable(() -> quit(loops)));
  }

  /** Nothing is left to run on them, so there is nothing to wait for. */
  private static void quit(EventLoopGroup loops) {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private Mono<List<Node>> nodes(URI redis, ScenarioContext context, EventLoopGroup loops) {
    String run = "failover-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    var refused = new AtomicLong();
    return Flux.range(0, plan.servers().count())
        .concatMap(
            number -> {
              var swarms = new NodeSwarms(context, run + '-' + number, plan.swarms(), refused);
              return plan.servers().topology().isAlone()
                  ? Relay.open(redis, loops)
                      .map(relay -> new Node(relay, swarms, server(relay.uri(), context)))
                  : Mono.just(new Node(null, swarms, server(redis, context)));
            })
        .collectList();
  }

  private Mono<ServerProcess> server(URI redis, ScenarioContext context) {
    return plan.servers().start(redis, context);
  }
}
