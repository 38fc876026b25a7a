package io.multiswarm.load;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.history.History;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Timeline;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.Target;
import java.io.PrintWriter;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Makes what a scenario needs around it, runs it, and takes everything down again. The only place
 * that blocks.
 */
final class Launcher {

  private final ServerOptions options;
  private final PrintWriter out;

  Launcher(ServerOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /** A report, and what changed on the way to it. */
  record Outcome(Report report, Timeline timeline, double seconds) {}

  Outcome run(Scenario scenario, History history) {
    LoopResources loops = LoopResources.create("load", 1, options.threads(), true);
    Scheduler clock = Schedulers.newSingle("clock", true);
    HttpClient http =
        options.authorized(HttpClient.create(ConnectionProvider.newConnection()).runOn(loops));
    try {
      Mono<Outcome> outcome =
          Mono.usingWhen(
              options.target(scenario.need(), http, clock),
              target ->
                  run(
                      scenario,
                      ScenarioContext.begin(target, new Connector(http, history), clock, out)),
              Target::close);
      return Objects.requireNonNull(outcome.block(), "a scenario gives a report");
    } finally {
      clock.dispose();
      loops.dispose();
    }
  }

  private static Mono<Outcome> run(Scenario scenario, ScenarioContext context) {
    return scenario
        .run(context)
        .map(report -> new Outcome(report, context.timeline(), context.seconds()));
  }
}
