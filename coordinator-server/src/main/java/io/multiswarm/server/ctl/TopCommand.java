package io.multiswarm.server.ctl;

import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.logging.Escapes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The fleet at a glance, again and again, on a screen of its own that leaves no trace. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description =
        "Shows the fleet, live, until it is stopped; once when the output is no terminal.")
final class TopCommand extends CtlCommand {

  private static final int SWARMS = 500;
  private static final int IDLE_SECONDS = 60;
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String TO_LINES_END = "\u001b[K";
  private static final String TO_SCREENS_END = "\u001b[J";

  @Option(
      names = "--interval",
      defaultValue = "1s",
      paramLabel = "<duration>",
      description = "Between two looks: ${DEFAULT-VALUE}.")
  String interval = "";

  @Option(names = "--once", description = "One look.")
  boolean once;

  TopCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Work prepare() {
    Long millis = Times.millis("--interval", interval);
    if (millis == null || millis < 100) {
      throw new ConfigException("--interval: must be at least 100ms");
    }
    Duration pause = Duration.ofMillis(millis);
    boolean isScreen = !once && TerminalSize.isTerminal();
    return console -> {
      Flux<Tree> looks =
          Flux.interval(Duration.ZERO, pause, surroundings().scheduler())
              .onBackpressureDrop()
              .concatMap(tick -> look(console), 1);
      if (isScreen && !console.isJson()) {
        return live(console, looks);
      }
      return printed(console, once || !console.isJson() ? looks.take(1) : looks);
    };
  }

  private static Mono<Tree> look(Console console) {
    return Mono.zip(
            console.call("stats.get"),
            console.call("leader.get"),
            console.call("node.list"),
            console.call("swarm.list", "limit", SWARMS))
        .map(
            all ->
                new Tree(
                    Console.params(
                        "at", console.now().get().toEpochMilli(),
                        "stats", all.getT1().json(),
                        "leader", all.getT2().json(),
                        "nodes", all.getT3().at("nodes").json(),
                        "swarms", all.getT4().at("swarms").json())));
  }

  private static Mono<Integer> printed(Console console, Flux<Tree> looks) {
    return looks
        .doOnNext(
            look -> {
              if (console.isJson()) {
                console.print(look.json());
              } else {
                TopScreen.lines(look, null, TerminalSize.UNBOUNDED).forEach(console::print);
              }
            })
        .then(Mono.just(Exit.DONE));
  }

  private static Mono<Integer> live(Console console, Flux<Tree> looks) {
    AtomicReference<@Nullable Tree> before = new AtomicReference<>();
    Thread leave = new Thread(() -> put(console.out(), LEAVE), "leave-the-screen");
    Flux<Tree> drawn =
        Flux.using(
            () -> Schedulers.newBoundedElastic(1, 1, "stty", IDLE_SECONDS, true),
            starter ->
                looks.concatMap(
                    look ->
                        TerminalSize.ask(starter)
                            .doOnNext(size -> draw(console, look, before.getAndSet(look), size))
                            .thenReturn(look)),
            Scheduler::dispose);
    return Mono.fromRunnable(() -> enter(console.out(), leave))
        .thenMany(drawn)
        .then(Mono.just(Exit.DONE))
        .doFinally(end -> put(console.out(), LEAVE));
  }

  /** Also when the process is told to end, which is how one leaves. */
  private static void enter(PrintWriter out, Thread leave) {
    Runtime.getRuntime().addShutdownHook(leave);
    put(out, ENTER);
  }

  private static void draw(Console console, Tree look, @Nullable Tree before, TerminalSize size) {
    StringBuilder screen = new StringBuilder(HOME);
    for (String line : TopScreen.lines(look, before, size)) {
      screen.append(Table.cut(Escapes.escape(line), size.columns()));
      screen.append(TO_LINES_END).append("\r\n");
    }
    put(console.out(), screen.append(TO_SCREENS_END).toString());
    Console.written(console.out());
  }

  private static void put(PrintWriter out, String text) {
    out.print(text);
    out.flush();
  }
}
