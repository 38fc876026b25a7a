package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Mutant;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many channels, subscribers that ask for random numbers at random times, a subscriber connection
 * that is killed each second and a Redis that is killed and restarted twice: every subscription has
 * every message once and in order, or a gap that names exactly what is missing.
 *
 * <p>Redis leaves the syncs of its file to the system: with a sync each second it puts writes off
 * while a sync is slow, and a kill loses what it has acknowledged meanwhile.
 *
 * <p>{@code -Dchannels.messages=1000000} is the long form.
 */
@RedisTest(settings = "appendfsync no")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ChannelsUnderFaultsIT {

  private static final int MESSAGES = Integer.getInteger("channels.messages", 30_000);

  @Test
  void subscribers_underFaults_missNothingThatIsNotAnnounced(OwnedRedis redis) {
    FaultRun.Size size = new FaultRun.Size(MESSAGES, 100, 20, 20, 2, Duration.ofSeconds(1));

    assertThat(FaultRun.play(redis, size)).isNull();
  }

  /** Goes on with what is live after a reconnection, as plain pub/sub does. */
  @Test
  void subscribers_thatDoNotFillTheirHoles_areConvicted(OwnedRedis redis, @TempDir Path directory)
      throws ReflectiveOperationException {
    Mutant mutant =
        Mutant.compile(
            ChannelCursor.class, "startReading();", "offset = stream.head().offset();", directory);
    Class<?> run = mutant.load(FaultRun.class, CursorMutant.PACKAGES);

    Object broken = playInSmall(run, redis);

    assertThat(broken).asString().contains("was due");
  }

  @Test
  void subscribers_thatDoFillThem_areNot(OwnedRedis redis) throws ReflectiveOperationException {
    assertThat(playInSmall(FaultRun.class, redis)).isNull();
  }

  /** By reflection, for the mutant's class is another one of that name. */
  private static Object playInSmall(Class<?> run, OwnedRedis redis)
      throws ReflectiveOperationException {
    Method play = run.getMethod("playInSmall", OwnedRedis.class);
    return play.invoke(null, redis);
  }
}
