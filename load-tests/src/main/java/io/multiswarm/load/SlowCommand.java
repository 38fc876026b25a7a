package io.multiswarm.load;

import io.multiswarm.load.messages.Mix;
import io.multiswarm.load.messages.SlowScenario;
import io.multiswarm.load.messages.SlowScenario.Plan;
import io.multiswarm.load.messages.SlowScenario.Promise;
import io.multiswarm.load.messages.Traffic;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.scenario.Scenario;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "slow",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Sockets that stop reading, and read again: whether the server's heap, the others' latency and what the sockets get afterwards stay as promised.")
final class SlowCommand extends ScenarioCommand {

  private static final int WINDOW = 32;

  @Option(
      names = "--silent",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "Sockets that stop reading. Default: ${DEFAULT-VALUE}")
  private int silent;

  @Option(
      names = "--others",
      paramLabel = "<n>",
      defaultValue = "10",
      description = "Sockets that send and read all the time. Default: ${DEFAULT-VALUE}")
  private int others;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "Broadcasts a second, all others together. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--payload",
      paramLabel = "<bytes>",
      defaultValue = "2000",
      description = "Size of each broadcast's data. Default: ${DEFAULT-VALUE}")
  private int payload;

  @Option(
      names = "--warmup",
      paramLabel = "<time>",
      defaultValue = "5s",
      description = "Before the base is measured. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      defaultValue = "15s",
      description = "How long the others are measured alone. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--silence",
      paramLabel = "<time>",
      defaultValue = "20s",
      description = "How long the silent read nothing; 25s at most. Default: ${DEFAULT-VALUE}")
  private Duration silence = Duration.ZERO;

  @Option(
      names = "--heap",
      paramLabel = "<MB>",
      defaultValue = "100",
      description = "By how much the server's heap may grow. Default: ${DEFAULT-VALUE}")
  private int heap;

  @Option(
      names = "--factor",
      paramLabel = "<n>",
      defaultValue = "2",
      description = "By what factor the others' p99 may grow. Default: ${DEFAULT-VALUE}")
  private double factor;

  @Option(
      names = "--settle",
      paramLabel = "<time>",
      defaultValue = "5s",
      description =
          "How long nothing may arrive before what is missing is lost. Default: ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Override
  Scenario scenario() {
    server().requireOwn("looks into the heap of a server of its own");
    var mix = new Mix(100, others);
    return new SlowScenario(
        new Plan(
            others,
            silent,
            payload,
            new Traffic(Pace.of(rate, warmup.plus(duration)), warmup, mix, WINDOW, others),
            new Traffic(Pace.of(rate, silence), Duration.ZERO, mix, WINDOW, others),
            settle,
            new Promise((long) heap << 20, factor)));
  }
}
