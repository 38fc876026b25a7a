package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A subscriber on threads that really race: no message is lost, repeated or reordered, no more than
 * what was asked for comes, and nobody sleeps while there is something to be had. {@link
 * ChannelCursorModelTest} has the longer histories, one step after the other.
 *
 * <p>{@code -Dcursor.rounds=50000000} is the long form, of about a quarter of an hour.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ChannelCursorRaceTest {

  private static final int ROUNDS = Integer.getInteger("cursor.rounds", 150_000);
  private static final int ROUNDS_FOR_A_MUTANT = 20_000_000;

  @Test
  void events_onRacingThreads_areCompleteOrAnnounced() throws InterruptedException {
    assertThat(CursorRace.play(1, ROUNDS)).isNull();
  }

  static boolean threadsRunTogether() {
    return Runtime.getRuntime().availableProcessors() > 1;
  }

  @ParameterizedTest
  @EnabledIf(value = "threadsRunTogether", disabledReason = "one core: threads hardly ever race")
  @EnumSource(CursorMutant.class)
  void events_withAMistakeBetweenThreads_areConvicted(CursorMutant mutant, @TempDir Path directory)
      throws ReflectiveOperationException {
    Class<?> race = mutant.compile(directory).load(CursorRace.class, CursorMutant.PACKAGES);

    Object broken =
        race.getMethod("play", long.class, int.class).invoke(null, 1L, ROUNDS_FOR_A_MUTANT);

    assertThat(broken).as("what is wrong with %s", mutant).isNotNull();
  }
}
