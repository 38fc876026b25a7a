package io.multiswarm.load.scenario;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of what is random in a run, so that it can be repeated. */
public final class Seed {

  private static final int BEYOND = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Of everything that is random. Default: another one each time, and told")
  private @Nullable Long seed;

  /** What was given, or another one with each call. */
  public long value() {
    return seed == null ? ThreadLocalRandom.current().nextInt(BEYOND) : seed;
  }
}
