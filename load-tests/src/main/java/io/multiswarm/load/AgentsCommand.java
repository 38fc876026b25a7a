package io.multiswarm.load;

import io.multiswarm.load.agents.AgentsScenario;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Seed;
import io.multiswarm.load.target.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "agents",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Agents that speak MCP do tasks while they, their bridges and servers are killed (SIGKILL);"
            + " and how soon those are woken that wait.")
final class AgentsCommand extends ScenarioCommand {

  @Option(
      names = "--agents",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "How many work. Default: ${DEFAULT-VALUE}")
  private int agents;

  @Option(
      names = "--bridged",
      paramLabel = "<n>",
      defaultValue = "5",
      description =
          "How many of them speak through a process of the command mcp. Default: ${DEFAULT-VALUE}")
  private int bridged;

  @Option(
      names = "--tasks",
      paramLabel = "<n>",
      defaultValue = "2000",
      description = "How many tasks. Default: ${DEFAULT-VALUE}")
  private int tasks;

  @Option(
      names = "--kills",
      paramLabel = "<n>",
      defaultValue = "20",
      description =
          "How often somebody is killed: a quarter of the agents, all bridges and a server equally"
              + " often. Default: ${DEFAULT-VALUE}")
  private int kills;

  @Option(
      names = "--waiting",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "How many agents wait at once, before the work. Default: ${DEFAULT-VALUE}")
  private int waiting;

  @Mixin private Seed seed = new Seed();

  @Option(
      names = "--servers",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "How many servers. Default: ${DEFAULT-VALUE}")
  private int servers;

  @Option(
      names = "--lease",
      paramLabel = "<time>",
      defaultValue = "10s",
      description =
          "The lease of leadership and of servers, and the grace of lost sessions. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration lease = Duration.ZERO;

  @Option(
      names = "--agent-grace",
      paramLabel = "<time>",
      defaultValue = "30s",
      description = "How long an agent is kept after a call. Default: ${DEFAULT-VALUE}")
  private Duration agentGrace = Duration.ZERO;

  @Override
  Scenario scenario() {
    server().requireOwnRedis();
    server().requireOneRedis();
    List<String> flags = new ArrayList<>(server().serverFlags());
    flags.addAll(List.of("--agent-grace", agentGrace.toMillis() + "ms"));
    return new AgentsScenario(
        new AgentsScenario.Plan(
            agents,
            bridged,
            tasks,
            kills,
            waiting,
            seed.value(),
            new ServerPlan(servers, lease, server().serverJar(), flags, Topology.ONE)));
  }
}
