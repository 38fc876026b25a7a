package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Mutant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The interleavings of small scenarios, tried one by one: what {@link ChannelCursorRaceTest} leaves
 * to chance, within what Lincheck can see, which is not what a processor reorders.
 *
 * <p>{@code -Dcursor.scenarios=500 -Dcursor.interleavings=2000} is a long form.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ChannelCursorInterleavingsTest {

  private static final int SCENARIOS = Integer.getInteger("cursor.scenarios", 20);
  private static final int INTERLEAVINGS = Integer.getInteger("cursor.interleavings", 100);

  @Test
  void events_inAnyInterleaving_areCompleteOrAnnounced(@TempDir Path directory) throws Exception {
    Outcome outcome = check(Mutant.classPath(), directory);

    assertThat(outcome.code()).as(outcome.said()).isZero();
  }

  @Test
  void events_withAMistakeBetweenThreads_areConvicted(@TempDir Path directory) throws Exception {
    Mutant mutant = CursorMutant.HUNGRY_AFTER_THE_LAST_LOOK.compile(directory);

    Outcome outcome = check(mutant.inFrontOf(), directory);

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(CursorOperations.CONVICTED);
    assertThat(outcome.said()).contains("asleep");
  }

  private record Outcome(int code, String said) {}

  private static Outcome check(String classPath, Path directory)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+EnableDynamicAgentLoading",
            "-cp",
            classPath,
            CursorOperations.class.getName(),
            Integer.toString(SCENARIOS),
            Integer.toString(INTERLEAVINGS));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), said);
    } finally {
      process.destroyForcibly();
    }
  }
}
