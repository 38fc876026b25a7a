package io.multiswarm.load;

import io.multiswarm.load.baseline.Baselines;
import io.multiswarm.load.messages.MessagesScenario;
import io.multiswarm.load.messages.MessagesScenario.Plan;
import io.multiswarm.load.messages.MessagesScenario.Transports;
import io.multiswarm.load.messages.Mix;
import io.multiswarm.load.messages.Traffic;
import io.multiswarm.load.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "messages",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Messages from swarm to swarm: throughput, latency, and whether any was lost, repeated or"
            + " reordered.")
class MessagesCommand extends ScenarioCommand {

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = "--mix",
      paramLabel = "<mix>",
      defaultValue = "mixed",
      converter = BroadcastShare.class,
      description =
          "targeted, broadcast, mixed (5 of 100 go to all swarms), or that number. Default:"
              + " ${DEFAULT-VALUE}")
  private int mix;

  @Option(
      names = "--payload",
      paramLabel = "<bytes>",
      defaultValue = "300",
      description = "Size of each message's data. Default: ${DEFAULT-VALUE}")
  private int payload;

  @Option(
      names = "--window",
      paramLabel = "<n>",
      defaultValue = "32",
      description =
          "Unanswered messages a session, at most 64; what is due beyond it waits. Default:"
              + " ${DEFAULT-VALUE}")
  private int window;

  @Option(
      names = "--senders",
      paramLabel = "<n>",
      description = "How many of the sessions send; all hear. Default: all")
  private int senders = Integer.MAX_VALUE;

  @Option(
      names = "--settle",
      paramLabel = "<time>",
      defaultValue = "5s",
      description =
          "How long nothing may arrive before what is missing is lost. Default: ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Option(
      names = "--baseline",
      description = "Measures bare Redis first: PUBLISH alone, and a script that keeps a history.")
  private boolean baseline;

  @Mixin private TransportOptions transports = new TransportOptions();

  @Override
  Scenario scenario() {
    return new MessagesScenario(
        new Plan(
            load.size(),
            new Traffic(load.pace(), load.warmup(), new Mix(mix, load.swarms()), window, senders),
            payload,
            settle,
            transports()));
  }

  private Transports transports() {
    transports.check(server(), baseline);
    return new Transports(
        baseline ? Baselines.ofMessages() : List.of(),
        transports.embedded(),
        transports.webSocket());
  }
}
