package io.multiswarm.load.floods;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/** One flood after the other against a server with little memory, beside a quiet client. */
public final class FloodsScenario implements Scenario {

  private static final int CONNECTS_AT_ONCE = 32;

  /** After a flood, for what it left to be gone. */
  private static final Duration REST = Duration.ofSeconds(3);

  /**
   * What is asked of the scenario.
   *
   * @param jar the server
   * @param jvmFlags that give it little memory
   * @param times by how much each flood is larger than the one that once broke a node
   * @param alone how long the quiet client is measured without a flood
   * @param beside and with each
   * @param factor by which its p99 may grow
   */
  public record Plan(
      Path jar,
      List<String> jvmFlags,
      List<String> flags,
      int times,
      Duration alone,
      Duration beside,
      double factor) {}

  /** What was seen of one flood. */
  record Outcome(Flood flood, Tally seen, QuietClient.Calls calls, boolean alive) {}

  private final Plan plan;

  public FloodsScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "Floods end the connections that make them, and cost a quiet client next to nothing.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Mono.usingWhen(
        ServerProcess.start(
            plan.jar(), plan.jvmFlags(), plan.flags(), context.http(), context.clock()),
        server -> run(context, server),
        ServerProcess::close);
  }

  private Mono<Report> run(ScenarioContext context, ServerProcess server) {
    // The floods have a thread of their own, so that the quiet client's times are the server's.
    LoopResources loops = LoopResources.create("floods", 1, true);
    TcpClient tcp = TcpClient.create(ConnectionProvider.newConnection()).runOn(loops);
    return Mono.usingWhen(
            Mono.zip(
                QuietClient.connect(context, server.url()), Victim.connect(context, server.url())),
            clients -> new Run(context, server, tcp, clients.getT1(), clients.getT2()).report(),
            clients -> Mono.when(clients.getT1().close(), clients.getT2().close()))
        .doFinally(end -> loops.dispose());
  }

  private final class Run {

    private final ScenarioContext context;
    private final ServerProcess server;
    private final TcpClient tcp;
    private final QuietClient quiet;
    private final Victim victim;

    Run(
        ScenarioContext context,
        ServerProcess server,
        TcpClient tcp,
        QuietClient quiet,
        Victim victim) {
      this.context = context;
      this.server = server;
      this.tcp = tcp;
      this.quiet = quiet;
      this.victim = victim;
    }

    Mono<Report> report() {
      // What came first is compiled then, and not measured.
      return quiet
          .calls(plan.alone())
          .then(Mono.defer(() -> quiet.calls(plan.alone())))
          .flatMap(
              alone ->
                  Flux.fromIterable(new FloodKinds(plan.times()).all())
                      .concatMap(this::outcome)
                      .takeUntil(outcome -> !outcome.alive())
                      .collectList()
                      .map(outcomes -> FloodsSummary.report(plan, alone, outcomes)));
    }

    private Mono<Outcome> outcome(Flood flood) {
      var seen = new Tally();
      var sockets = new ArrayList<FloodSocket>();
      return Mono.usingWhen(
              Mono.just(sockets),
              any ->
                  Mono.firstWithSignal(
                      measured(flood, seen, sockets),
                      victim.submits(context).then(Mono.<Outcome>never())),
              all -> Mono.fromRunnable(() -> all.forEach(FloodSocket::end)))
          .delayElement(REST, context.clock())
          .doOnNext(
              outcome ->
                  context.say(
                      "%-40s quiet p99 %8.2f ms  %s%n",
                      flood.name(), outcome.calls().latencies().total().p99(), seen.counts()));
    }

    private Mono<Outcome> measured(Flood flood, Tally seen, List<FloodSocket> sockets) {
      return Flux.range(0, flood.sockets())
          .flatMap(
              i ->
                  FloodSocket.begin(tcp, server.url(), flood, seen)
                      .onErrorResume(
                          refused -> {
                            seen.add("connections refused");
                            return Mono.empty();
                          }),
              CONNECTS_AT_ONCE)
          .doOnNext(sockets::add)
          .then(Mono.defer(() -> quiet.calls(plan.beside())))
          .map(calls -> new Outcome(flood, seen, calls, isAlive()));
    }

    private boolean isAlive() {
      return server.process().filter(ProcessHandle::isAlive).isPresent();
    }
  }
}
