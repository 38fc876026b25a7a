package io.multiswarm.load;

import io.multiswarm.load.chaos.ChaosScenario;
import io.multiswarm.load.chaos.ChaosScenario.Crowd;
import io.multiswarm.load.chaos.ChaosScenario.Faults;
import io.multiswarm.load.chaos.ChaosScenario.Plan;
import io.multiswarm.load.chaos.FaultFamily;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Seed;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Tasks on several servers while a family of faults happens, such as kills of workers, the"
            + " leader and Redis: whether each ended exactly once.")
final class ChaosCommand extends ScenarioCommand {

  @Option(
      names = "--tasks",
      paramLabel = "<n>",
      defaultValue = "100000",
      description = "How many tasks. Default: ${DEFAULT-VALUE}")
  private int tasks;

  @Option(
      names = "--faults",
      paramLabel = "<family>",
      defaultValue = "kills",
      description =
          "kills: workers, the leading server and Redis are killed; network: resets, half-open"
              + " connections, delay, lost replies and sliced bytes between servers and Redis;"
              + " rolling: servers are restarted in turn; storm: all connections are cut at once;"
              + " frozen: Redis stands still; memory: it has none left; around: what servers survive."
              + " Default: ${DEFAULT-VALUE}")
  private FaultFamily family = FaultFamily.KILLS;

  @Option(
      names = "--kills",
      paramLabel = "<n>",
      defaultValue = "20",
      description =
          "How many faults, each kind as often, at random moments. Default: ${DEFAULT-VALUE}")
  private int kills;

  @Option(
      names = "--recovery",
      paramLabel = "<time>",
      defaultValue = "3s",
      description =
          "What may pass from the end of a disturbance of the network to the next assignment."
              + " Default: ${DEFAULT-VALUE}")
  private Duration recovery = Duration.ZERO;

  @Mixin private Seed seed = new Seed();

  @Option(
      names = "--settle",
      paramLabel = "<time>",
      defaultValue = "60s",
      description =
          "How long nothing may be completed, in the end, before what is missing is lost. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Option(
      names = "--servers",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "How many servers. Default: ${DEFAULT-VALUE}")
  private int servers;

  @Option(
      names = "--swarms",
      paramLabel = "<n>",
      defaultValue = "100",
      description = "How many swarms, in all. Default: ${DEFAULT-VALUE}")
  private int swarms;

  @Option(
      names = "--per-session",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "How many swarms share a WebSocket. Default: ${DEFAULT-VALUE}")
  private int perSession;

  @Option(
      names = "--credit",
      paramLabel = "<n>",
      defaultValue = "8",
      description = "How many tasks a swarm is ready for at once. Default: ${DEFAULT-VALUE}")
  private int credit;

  @Option(
      names = "--unfinished",
      paramLabel = "<n>",
      defaultValue = "2000",
      description = "How many tasks may be unfinished at a time. Default: ${DEFAULT-VALUE}")
  private int unfinished;

  @Option(
      names = "--lease",
      paramLabel = "<time>",
      defaultValue = "3s",
      description =
          "The lease of leadership and of servers, and the grace of lost sessions. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration lease = Duration.ZERO;

  @Override
  Scenario scenario() {
    server().requireOwnRedis();
    return new ChaosScenario(
        new Plan(
            new Faults(family, kills, recovery),
            tasks,
            seed.value(),
            settle,
            new Crowd(swarms, perSession, credit, unfinished),
            server().plan(servers, lease)));
  }
}
