package io.multiswarm.load;

import io.multiswarm.load.scenario.Terminal;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import reactor.core.publisher.Hooks;

/**
 * The load harness. Without the name of a scenario it runs {@code messages}.
 *
 * <p>Exit codes: 0 every promise was kept, 1 one was broken or nothing could be measured, 2 wrong
 * use.
 */
@Command(
    name = "load-tests",
    mixinStandardHelpOptions = true,
    version = "load-tests 1.0",
    sortOptions = false,
    description = {
      "Simulated swarms over the real WebSocket. Without the name of a scenario it runs"
          + " 'messages'.",
      "Latencies count from when each request was meant to begin, so a slow server can't hide its"
          + " stalls.",
      ""
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  A hundred swarms, a thousand messages a second, against a server of its own:",
      "    java -jar load-tests.jar --swarms 100 --rate 1000 --duration 30s",
      "  As fast as a running server goes, targeted messages alone, and the numbers as JSON:",
      "    java -jar load-tests.jar --url ws://localhost:8080/v1/ws --rate 0 --mix targeted --json"
          + " out.json",
      "  Ten thousand swarms, a hundred to a socket:",
      "    java -jar load-tests.jar --swarms 10000 --per-session 100 --mix targeted",
      "",
      "Exit code 0: every promise was kept; 1: one was broken; 2: wrong use."
    })
public final class LoadHarness extends MessagesCommand {

  private static final int HELP_WIDTH = 100;

  private LoadHarness() {}

  public static void main(String[] arguments) {
    // When a run has failed, what fails after it follows from that, and has nobody left to tell.
    Hooks.onErrorDropped(error -> {});
    CommandLine command = commandLine();
    if (Ansi.AUTO.enabled()) {
      String encoding = System.getProperty("stdout.encoding", Charset.defaultCharset().name());
      command.setOut(new Terminal(new OutputStreamWriter(System.out, Charset.forName(encoding))));
    }
    System.exit(command.execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new LoadHarness())
        .addSubcommand(new MessagesCommand())
        .addSubcommand(new TasksCommand())
        .addSubcommand(new FailoverCommand())
        .addSubcommand(new ChaosCommand())
        .addSubcommand(new SoakCommand())
        .addSubcommand(new AgentsCommand())
        .addSubcommand(new SlowCommand())
        .addSubcommand(new FloodsCommand())
        .addSubcommand(new PeersCommand())
        .addSubcommand(new AllCommand())
        .addSubcommand(new CompareCommand())
        .addSubcommand(new JudgeCommand())
        .addSubcommand(new BenchCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .registerConverter(Duration.class, new DurationConverter())
        .setParameterExceptionHandler((e, arguments) -> wrongUse(e))
        .setExecutionExceptionHandler((e, command, result) -> failed(e, command));
  }

  private static int wrongUse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    say(
        command,
        "%s (%s --help tells more)"
            .formatted(e.getMessage(), command.getCommandSpec().qualifiedName()));
    return ScenarioCommand.WRONG_USE;
  }

  private static int failed(Exception e, CommandLine command) {
    say(command, "Nothing was measured: " + (e.getMessage() == null ? e : e.getMessage()));
    return ScenarioCommand.FAILED;
  }

  private static void say(CommandLine command, String line) {
    PrintWriter err = command.getErr();
    err.println(line);
    err.flush();
  }
}
