package io.multiswarm.load;

import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Seed;
import io.multiswarm.load.soak.SoakScenario;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Tasks for long, with faults around servers that live on: whether nothing is lost, and heap,"
            + " files, threads and Redis's memory end where they were.")
final class SoakCommand extends ScenarioCommand {

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      defaultValue = "30m",
      description = "How long. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      defaultValue = "100",
      description = "Tasks a second. Default: ${DEFAULT-VALUE}")
  private int rate;

  @Option(
      names = "--between",
      paramLabel = "<time>",
      defaultValue = "30s",
      description =
          "From one fault to the next, on average: workers killed, all connections cut, Redis"
              + " killed, Redis frozen, each as often. Default: ${DEFAULT-VALUE}")
  private Duration between = Duration.ZERO;

  @Option(
      names = "--settle",
      paramLabel = "<time>",
      defaultValue = "60s",
      description =
          "How long nothing may be completed before what is missing is lost. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Option(
      names = "--swarms",
      paramLabel = "<n>",
      defaultValue = "40",
      description = "How many swarms work. Default: ${DEFAULT-VALUE}")
  private int swarms;

  @Option(
      names = "--servers",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "How many servers. Default: ${DEFAULT-VALUE}")
  private int servers;

  @Option(
      names = "--lease",
      paramLabel = "<time>",
      defaultValue = "3s",
      description =
          "The lease of leadership and of servers, and the grace of lost sessions. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration lease = Duration.ZERO;

  @Mixin private Seed seed = new Seed();

  @Override
  Scenario scenario() {
    server().requireOwnRedis();
    server().requireOneRedis();
    return new SoakScenario(
        new SoakScenario.Plan(
            duration, rate, between, settle, swarms, server().plan(servers, lease)),
        seed.value());
  }
}
