package io.multiswarm.load;

import io.multiswarm.load.floods.FloodsScenario;
import io.multiswarm.load.floods.FloodsScenario.Plan;
import io.multiswarm.load.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "floods",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Clients that send, watch or promise without end, against a server with little memory: whether it lives, and whether a quiet client notices.")
final class FloodsCommand extends ScenarioCommand {

  @Option(
      names = "--heap",
      paramLabel = "<MB>",
      defaultValue = "256",
      description = "The server's heap. Default: ${DEFAULT-VALUE}")
  private int heap;

  @Option(
      names = "--direct",
      paramLabel = "<MB>",
      defaultValue = "128",
      description = "The server's memory outside the heap. Default: ${DEFAULT-VALUE}")
  private int direct;

  @Option(
      names = "--times",
      paramLabel = "<n>",
      defaultValue = "10",
      description = "How many times the size of what once broke a node. Default: ${DEFAULT-VALUE}")
  private int times;

  @Option(
      names = "--alone",
      paramLabel = "<time>",
      defaultValue = "10s",
      description = "How long the quiet client is measured alone. Default: ${DEFAULT-VALUE}")
  private Duration alone = Duration.ZERO;

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      defaultValue = "15s",
      description = "How long each flood lasts. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--factor",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "By what factor the quiet client's p99 may grow. Default: ${DEFAULT-VALUE}")
  private double factor;

  @Option(
      names = "--only",
      paramLabel = "<flood>",
      split = ",",
      description = "Floods to play, by the beginnings of their names. Default: all")
  private List<String> only = List.of();

  @Override
  Scenario scenario() {
    server().requireOneRedis();
    return new FloodsScenario(
        new Plan(
            server().serverJar(),
            List.of("-Xmx" + heap + "m", "-XX:MaxDirectMemorySize=" + direct + "m"),
            server().serverFlags(),
            times,
            only,
            alone,
            duration,
            factor));
  }
}
