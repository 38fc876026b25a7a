package io.multiswarm.load.suite;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.SharedRedis;
import io.multiswarm.load.target.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two fleets on one Redis, with the same ids of swarms, tasks and resources. In each, swarms write
 * to each other and to all, do tasks and take of a resource, at the same time.
 *
 * <p><b>Invariant.</b> Everybody hears what was said and gets what was submitted in the own fleet,
 * all of it, and nothing of the other's; nor does a fleet count anything of the other.
 */
final class IsolationScenario implements Scenario {

  private static final List<String> FLEETS = List.of("left", "right");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What is asked of the scenario.
   *
   * @param swarms of each fleet
   * @param each how many messages and tasks of each swarm
   * @param topology of the Redis that they share
   */
  public record Plan(int swarms, int each, Path jar, List<String> flags, Topology topology) {
    public Plan {
      if (swarms < 1 || each < 1) {
        throw new IllegalArgumentException("There is at least one swarm, with a message");
      }
    }
  }

  private final Plan plan;

  public IsolationScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "Fleets that share a Redis hear, get and count nothing of each other.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    context.say("%nisolation: two fleets of %,d swarms%n", plan.swarms());
    return Mono.usingWhen(
        plan.topology().start(Sync.EVERYSEC, context.clock()),
        redis -> on(redis.uri(), context),
        SharedRedis::close);
  }

  private Mono<Report> on(URI redis, ScenarioContext context) {
    return Mono.usingWhen(
        Flux.fromIterable(FLEETS).flatMap(name -> server(name, redis, context)).collectList(),
        servers ->
            Flux.fromIterable(servers)
                .concatMap(server -> fleet(server, context))
                .collectList()
                .flatMap(fleets -> played(fleets, context)),
        servers -> Flux.fromIterable(servers).flatMap(one -> one.process().close()).then());
  }

  private record Server(String name, ServerProcess process) {}

  private Mono<Server> server(String fleet, URI redis, ScenarioContext context) {
    List<String> flags = new ArrayList<>(plan.flags());
    flags.addAll(List.of("--fleet", fleet));
    return ServerProcess.start(plan.jar(), redis, flags, context.http(), context.clock())
        .map(process -> new Server(fleet, process));
  }

  private Mono<MarkedFleet> fleet(Server server, ScenarioContext context) {
    return context
        .connector()
        .connect(server.process().url())
        .map(
            client ->
                new MarkedFleet(
                    plan, server.name(), FLEETS.indexOf(server.name()), client, context));
  }

  /** Nobody speaks before everybody listens. */
  private static Mono<Report> played(List<MarkedFleet> fleets, ScenarioContext context) {
    return Flux.fromIterable(fleets)
        .flatMap(MarkedFleet::gather)
        .thenMany(Flux.fromIterable(fleets).flatMap(MarkedFleet::speak))
        .thenMany(Flux.fromIterable(fleets).flatMap(MarkedFleet::settled))
        .then()
        .timeout(PATIENCE, context.clock())
        .thenMany(Flux.fromIterable(fleets).flatMap(MarkedFleet::counts))
        .then(
            Mono.fromSupplier(
                () -> {
                  var report = new Report("isolation");
                  fleets.forEach(fleet -> fleet.addTo(report));
                  return report;
                }));
  }
}
