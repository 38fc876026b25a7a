package io.multiswarm.load;

import io.multiswarm.load.report.Report;
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

  Report run(Scenario scenario) {
    LoopResources loops = LoopResources.create("load", 1, options.threads(), true);
    Scheduler clock = Schedulers.newSingle("clock", true);
    HttpClient http =
        options.authorized(HttpClient.create(ConnectionProvider.newConnection()).runOn(loops));
    try {
      Mono<Report> report =
          Mono.usingWhen(
              options.target(scenario.need(), http, clock),
              target -> scenario.run(context(target, http, clock)),
              Target::close);
      return Objects.requireNonNull(report.block(), "a scenario gives a report");
    } finally {
      clock.dispose();
      loops.dispose();
    }
  }

  private ScenarioContext context(Target target, HttpClient http, Scheduler clock) {
    return new ScenarioContext(target.url(), target.redis(), target.process(), http, clock, out);
  }
}
