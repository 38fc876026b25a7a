package io.multiswarm.load;

import io.multiswarm.load.failover.FailoverScenario;
import io.multiswarm.load.failover.FailoverScenario.Bounds;
import io.multiswarm.load.failover.FailoverScenario.Plan;
import io.multiswarm.load.scenario.Scenario;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Servers on one Redis, whose leader is killed, stopped and paused: how long nobody leads, and whether Redis accepts what a former leader writes.")
final class FailoverCommand extends ScenarioCommand {

  @Option(
      names = "--rounds",
      paramLabel = "<n>",
      defaultValue = "5",
      description =
          "How often the leader is killed, and how often it is stopped in order. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--pauses",
      paramLabel = "<n>",
      defaultValue = "2",
      description =
          "How often the leader is paused past its lease; in a --topology of several processes,"
              + " how often Redis's master is killed instead, and with Sentinels changed by hand."
              + " Default: ${DEFAULT-VALUE}")
  private int pauses;

  @Option(
      names = "--lease",
      paramLabel = "<time>",
      defaultValue = "3s",
      description = "The lease of leadership; renewed each third of it. Default: ${DEFAULT-VALUE}")
  private Duration lease = Duration.ZERO;

  @Option(
      names = "--allowance",
      paramLabel = "<time>",
      defaultValue = "500ms",
      description =
          "What a hand-over may take, and a take-over beyond the lease. Default: ${DEFAULT-VALUE}")
  private Duration allowance = Duration.ZERO;

  @Option(
      names = "--after-switch",
      paramLabel = "<time>",
      defaultValue = "2s",
      description =
          "What may pass from Sentinels' +switch-master, or the promotion in a cluster, to a script"
              + " at the new master."
              + " Default: ${DEFAULT-VALUE}")
  private Duration afterSwitch = Duration.ZERO;

  @Option(
      names = "--by-hand",
      paramLabel = "<time>",
      defaultValue = "1s",
      description = "Likewise, after a SENTINEL FAILOVER. Default: ${DEFAULT-VALUE}")
  private Duration byHand = Duration.ZERO;

  @Option(
      names = "--servers",
      paramLabel = "<n>",
      defaultValue = "3",
      description = "How many servers. Default: ${DEFAULT-VALUE}")
  private int servers;

  @Option(
      names = "--swarms",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "How many swarms at each server. Default: ${DEFAULT-VALUE}")
  private int swarms;

  @Override
  Scenario scenario() {
    return new FailoverScenario(
        new Plan(
            rounds,
            pauses,
            new Bounds(allowance, afterSwitch, byHand),
            swarms,
            server().plan(servers, lease)));
  }
}
