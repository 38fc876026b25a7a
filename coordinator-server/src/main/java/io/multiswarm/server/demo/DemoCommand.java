package io.multiswarm.server.demo;

import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.Durations;
import io.multiswarm.server.config.ServerCommand;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.ToIntBiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays what the coordinator is for, on a server and a Redis of its own that leave nothing behind: three swarms, leadership,"
          + " messages, tasks, a killed worker, a vote, a snapshot and a recovery. Then it stays, with its dashboard.",
      ""
    },
    footer = {"", "Exit codes: 0 ended, 1 failed, 2 wrong use."})
public final class DemoCommand implements ServerCommand.Action {

  private static final int LAST_PORT = 65_535;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final ToIntBiFunction<DemoSettings, PrintWriter> player;

  @Option(
      names = "--port",
      paramLabel = "<number>",
      description = "Of the dashboard; 0 takes any free one [default ${DEFAULT-VALUE}]")
  int port = 8080;

  @Option(
      names = "--pause",
      paramLabel = "<duration>",
      description = "Between two things that happen; 0 for none [default ${DEFAULT-VALUE}]")
  String pause = "2s";

  @Option(names = "--exit", description = "End with the story.")
  boolean isOver;

  private DemoCommand(ToIntBiFunction<DemoSettings, PrintWriter> player) {
    this.player = player;
  }

  /**
   * Creates the command.
   *
   * @param player plays until the demo is over or the process is told to stop, and returns the exit
   *     code
   */
  public static CommandLine commandLine(ToIntBiFunction<DemoSettings, PrintWriter> player) {
    return new CommandLine(new DemoCommand(player));
  }

  @Override
  public int run(PrintWriter out, PrintWriter err) {
    if (port < 0 || port > LAST_PORT) {
      throw new ConfigException("--port: 0 to " + LAST_PORT);
    }
    Duration between =
        Durations.parse(pause, ChronoUnit.MILLIS)
            .filter(given -> given.compareTo(LONGEST) <= 0)
            .orElseThrow(
                () -> new ConfigException("--pause: '" + pause + "' is no duration up to 1m"));
    return player.applyAsInt(new DemoSettings(port, between, isOver), out);
  }
}
