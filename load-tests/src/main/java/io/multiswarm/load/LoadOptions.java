package io.multiswarm.load;

import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Pace.Lead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many swarms, how fast, how long: what all scenarios have in common. */
final class LoadOptions {

  @Option(
      names = "--swarms",
      paramLabel = "<n>",
      defaultValue = "100",
      description = "How many swarms. Default: ${DEFAULT-VALUE}")
  private int swarms;

  @Option(
      names = "--per-session",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "How many swarms share a WebSocket, at most 1000. Default: ${DEFAULT-VALUE}")
  private int perSession;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      defaultValue = "1000",
      description =
          "How many a second, all swarms together; 0: as fast as they are answered or done. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      defaultValue = "10s",
      description = "How long is measured, such as 500ms, 30s, 5m. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warmup",
      paramLabel = "<time>",
      defaultValue = "2s",
      description =
          "The same load before that: judged like the rest, but not timed. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--warmup-rate",
      paramLabel = "<n>",
      description =
          "How many a second during the warm-up, so that code is compiled sooner. Default: as --rate")
  private @Nullable Double warmupRate;

  SimulatedSwarms.Size size() {
    return new SimulatedSwarms.Size(swarms, perSession);
  }

  /** The warm-up and what is measured, in one. */
  Pace pace() {
    if (duration.isZero()) {
      throw new IllegalArgumentException("--duration is longer than nothing");
    }
    Pace pace = Pace.of(rate, duration.plus(warmup));
    return warmupRate == null ? pace : pace.after(new Lead(warmupRate, warmup));
  }

  Duration warmup() {
    return warmup;
  }

  int swarms() {
    return swarms;
  }
}
