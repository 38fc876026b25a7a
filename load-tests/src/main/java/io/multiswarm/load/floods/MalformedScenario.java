package io.multiswarm.load.floods;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * Clients that send every kind of wrong frame, wrong text and wrong parameters, again and again,
 * while others do what they do.
 *
 * <p><b>Invariant.</b> The others lose nothing and are refused nothing, as if they were alone. What
 * is wrong is refused, or ends the connection that sent it, and is not taken for a failure of the
 * server itself; it is never met with silence.
 */
public final class MalformedScenario implements Scenario {

  /** By these a server says that something is wrong with itself. */
  static final Set<String> BROKEN = Set.of("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED");

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SOCKETS_AT_ONCE = 4;
  private static final String CRASHED = "closed with 1011";

  private final Scenario others;

  /**
   * @param others what goes on meanwhile, against the same server
   */
  public MalformedScenario(Scenario others) {
    this.others = others;
  }

  @Override
  public String promise() {
    return "Whatever nonsense some clients send, it is refused, and others lose nothing.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    LoopResources loops = LoopResources.create("malformed", 1, true);
    TcpClient tcp = TcpClient.create(ConnectionProvider.newConnection()).runOn(loops);
    var run = new Run(context, tcp);
    var over = new AtomicBoolean();
    Mono<Report> work = others.run(context).doOnTerminate(() -> over.set(true));
    return Mono.zip(work, run.round().repeat(() -> !over.get()).then(Mono.just(run)))
        .map(ended -> ended.getT2().report(ended.getT1()))
        .doFinally(end -> loops.dispose());
  }

  private static final class Run {

    private final ScenarioContext context;
    private final TcpClient tcp;
    private final Tally answers = new Tally();
    private final Tally defects = new Tally();
    private final AtomicLong inputs = new AtomicLong();

    Run(ScenarioContext context, TcpClient tcp) {
      this.context = context;
      this.tcp = tcp;
    }

    /** Everything once. */
    Mono<Void> round() {
      return Flux.fromIterable(WrongInput.all())
          .flatMap(this::sent, SOCKETS_AT_ONCE)
          .then(Mono.defer(() -> new WrongCalls(context, answers, defects).all()));
    }

    private Mono<Void> sent(WrongInput wrong) {
      var seen = new Tally();
      return Mono.usingWhen(
              FloodSocket.begin(tcp, context.url(), wrong.asFlood(), 0, seen),
              socket -> answered(seen),
              socket -> Mono.fromRunnable(socket::end))
          .timeout(PATIENCE, context.clock())
          .then(Mono.<Void>fromRunnable(() -> judge(wrong, seen)))
          .onErrorResume(
              error ->
                  Mono.fromRunnable(
                      () ->
                          defects.add(
                              "expected an answer to %s, observed %s"
                                  .formatted(wrong.name(), error))));
    }

    private Mono<Void> answered(Tally seen) {
      return Flux.interval(Duration.ZERO, LOOK_AGAIN, context.clock())
          .onBackpressureDrop()
          .filter(tick -> seen.total() > 0)
          .next()
          .then();
    }

    private void judge(WrongInput wrong, Tally seen) {
      inputs.incrementAndGet();
      seen.counts()
          .keySet()
          .forEach(
              answer -> {
                answers.add(answer);
                if (answer.equals(CRASHED)
                    || BROKEN.contains(answer.replace(FloodSocket.REFUSED_WITH, ""))) {
                  defects.add(
                      "expected a refusal of %s, observed: %s".formatted(wrong.name(), answer));
                }
              });
    }

    Report report(Report work) {
      var report = new Report("malformed");
      Report.Section section =
          report.section("what was wrong").row("wrong frames and texts", inputs.get());
      answers.counts().forEach(section::row);
      report.include(work);
      defects.counts().forEach((words, count) -> report.defect("%,d × %s".formatted(count, words)));
      return report;
    }
  }
}
