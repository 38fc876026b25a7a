package io.multiswarm.load.floods;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * One flood after the other against a server with little memory, beside a quiet client.
 *
 * <p>What the machine does to everybody is no fault of the server: before each flood the quiet
 * client is measured alone, and during it another one at a second server, which nobody floods.
 */
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
   * @param only the beginnings of the names of those to play; none: all
   * @param alone how long the quiet client is measured before each flood
   * @param beside and during it
   * @param factor by which its p99 may grow
   */
  public record Plan(
      Path jar,
      List<String> jvmFlags,
      List<String> flags,
      int times,
      List<String> only,
      Duration alone,
      Duration beside,
      double factor) {}

  /**
   * What was seen of one flood.
   *
   * @param alone the quiet client before it
   * @param beside and during it
   * @param elsewhere another one meanwhile, at a server without a flood
   */
  record Outcome(
      Flood flood,
      Tally seen,
      QuietClient.Calls alone,
      QuietClient.Calls beside,
      QuietClient.Calls elsewhere,
      boolean alive) {}

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
    Map<List<String>, List<Flood>> bySettings =
        new FloodKinds(plan.times())
            .named(plan.only()).stream()
                .collect(
                    Collectors.groupingBy(Flood::flags, LinkedHashMap::new, Collectors.toList()));
    return Flux.fromIterable(bySettings.entrySet())
        .concatMap(same -> run(context, same.getKey(), same.getValue()))
        .collectList()
        .map(
            outcomes ->
                FloodsSummary.report(
                    plan.factor(), outcomes.stream().flatMap(List::stream).toList()));
  }

  /** Those that need servers of the same settings. */
  private Mono<List<Outcome>> run(ScenarioContext context, List<String> flags, List<Flood> floods) {
    return Mono.usingWhen(
        server(context, flags),
        flooded ->
            Mono.usingWhen(
                server(context, flags),
                spared -> run(context, flooded, spared, floods),
                ServerProcess::close),
        ServerProcess::close);
  }

  private Mono<ServerProcess> server(ScenarioContext context, List<String> flags) {
    return ServerProcess.start(
        plan.jar(),
        plan.jvmFlags(),
        Stream.concat(plan.flags().stream(), flags.stream()).toList(),
        context.http(),
        context.clock());
  }

  private Mono<List<Outcome>> run(
      ScenarioContext context, ServerProcess flooded, ServerProcess spared, List<Flood> floods) {
    // The floods have a thread of their own, so that the quiet client's times are the server's.
    LoopResources loops = LoopResources.create("floods", 1, true);
    TcpClient tcp = TcpClient.create(ConnectionProvider.newConnection()).runOn(loops);
    return Mono.usingWhen(
            Mono.zip(
                QuietClient.connect(context, flooded.url()),
                QuietClient.connect(context, spared.url()),
                Victim.connect(context, flooded.url())),
            clients ->
                new Run(context, flooded, tcp, clients.getT1(), clients.getT2(), clients.getT3())
                    .outcomes(floods),
            clients ->
                Mono.when(
                    clients.getT1().close(), clients.getT2().close(), clients.getT3().close()))
        .doFinally(end -> loops.dispose());
  }

  private final class Run {

    private final ScenarioContext context;
    private final ServerProcess server;
    private final TcpClient tcp;
    private final QuietClient quiet;
    private final QuietClient elsewhere;
    private final Victim victim;

    Run(
        ScenarioContext context,
        ServerProcess server,
        TcpClient tcp,
        QuietClient quiet,
        QuietClient elsewhere,
        Victim victim) {
      this.context = context;
      this.server = server;
      this.tcp = tcp;
      this.quiet = quiet;
      this.elsewhere = elsewhere;
      this.victim = victim;
    }

    Mono<List<Outcome>> outcomes(List<Flood> floods) {
      // What came first is compiled then, and not judged.
      return Mono.zip(quiet.calls(plan.alone()), elsewhere.calls(plan.alone()))
          .thenMany(Flux.fromIterable(floods))
          .concatMap(this::outcome)
          .takeUntil(outcome -> !outcome.alive())
          .doOnNext(outcome -> context.say("%s%n", FloodsSummary.line(outcome)))
          .collectList();
    }

    private Mono<Outcome> outcome(Flood flood) {
      return quiet
          .calls(plan.alone())
          .flatMap(
              alone ->
                  Mono.firstWithSignal(
                      Mono.usingWhen(
                          Mono.fromSupplier(ArrayList<FloodSocket>::new),
                          sockets -> measured(flood, alone, sockets),
                          all -> Mono.fromRunnable(() -> all.forEach(FloodSocket::end))),
                      victim.submits(context).then(Mono.<Outcome>never())))
          .delayElement(REST, context.clock());
    }

    private Mono<Outcome> measured(
        Flood flood, QuietClient.Calls alone, List<FloodSocket> sockets) {
      var seen = new Tally();
      return Flux.range(0, flood.sockets())
          .flatMap(
              number ->
                  FloodSocket.begin(tcp, server.url(), flood, number, seen)
                      .onErrorResume(
                          refused -> {
                            seen.add("connections refused");
                            return Mono.empty();
                          }),
              CONNECTS_AT_ONCE)
          .doOnNext(sockets::add)
          .then(
              Mono.defer(
                  () -> Mono.zip(quiet.calls(plan.beside()), elsewhere.calls(plan.beside()))))
          .map(calls -> new Outcome(flood, seen, alone, calls.getT1(), calls.getT2(), isAlive()));
    }

    private boolean isAlive() {
      return server.process().filter(ProcessHandle::isAlive).isPresent();
    }
  }
}
