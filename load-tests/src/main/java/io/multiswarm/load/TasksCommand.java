package io.multiswarm.load;

import io.multiswarm.load.baseline.Baselines;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.tasks.TasksScenario;
import io.multiswarm.load.tasks.TasksScenario.Load;
import io.multiswarm.load.tasks.TasksScenario.Plan;
import io.multiswarm.load.tasks.TasksScenario.Transports;
import io.multiswarm.load.tasks.TasksScenario.Work;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Tasks that swarms submit and do: throughput, times, fairness, and whether each ended"
            + " exactly once.")
final class TasksCommand extends ScenarioCommand {

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = "--strategy",
      paramLabel = "<name>",
      defaultValue = "",
      description = "least_loaded, round_robin, priority or capability. Default: the server's.")
  private String strategy = "";

  @Option(
      names = "--credit",
      paramLabel = "<n>",
      defaultValue = "16",
      description = "How many tasks a swarm is ready for at once. Default: ${DEFAULT-VALUE}")
  private int credit;

  @Option(
      names = "--work",
      paramLabel = "<time>",
      defaultValue = "0s",
      description = "How long doing a task takes. Default: ${DEFAULT-VALUE}")
  private Duration work = Duration.ZERO;

  @Option(
      names = "--payload",
      paramLabel = "<bytes>",
      defaultValue = "300",
      description = "Size of each task's data. Default: ${DEFAULT-VALUE}")
  private int payload;

  @Option(
      names = "--settle",
      paramLabel = "<time>",
      defaultValue = "10s",
      description =
          "How long nothing may be completed before what is missing is lost. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Option(
      names = "--unfinished",
      paramLabel = "<n>",
      defaultValue = "1000",
      description =
          "With --rate 0, how many tasks are unfinished at a time. Default: ${DEFAULT-VALUE}")
  private int unfinished;

  @Option(
      names = "--idle",
      paramLabel = "<time>",
      defaultValue = "0s",
      description =
          "How long, before the load, tasks wait without any credit; then one at a time is asked"
              + " for. Default: ${DEFAULT-VALUE}, not at all")
  private Duration idle = Duration.ZERO;

  @Option(
      names = "--baseline",
      description =
          "Measures bare Redis first: scripts that store, assign and complete a task, and nothing"
              + " else.")
  private boolean baseline;

  @Mixin private TransportOptions transports = new TransportOptions();

  @Override
  Scenario scenario() {
    transports.check(server(), baseline);
    return new TasksScenario(
        new Plan(
            load.size(),
            new Load(load.pace(), load.warmup(), unfinished),
            new Work(payload, strategy, credit, work),
            idle,
            settle,
            new Transports(
                baseline ? Baselines.ofTasks() : List.of(),
                transports.embedded(),
                transports.webSocket())));
  }
}
