package io.multiswarm.load.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checkers against the real thing with a script that was broken on purpose: what they do not
 * convict here, they would not find in a run either.
 */
@RedisTest
class MutatedScriptsIT {

  /** Nothing is wrong with a machine on which it takes longer: what comes late was late. */
  private static final Duration LONG = Duration.ofSeconds(60);

  /** For a mutant; longer than leases and grace together. */
  private static final Duration SHORT = Duration.ofSeconds(8);

  @ParameterizedTest
  @ValueSource(strings = {"death", "lateness", "usurpation"})
  void scripts_whole_keepThePromises(String situation, OwnedRedis redis) throws Exception {
    assertThat(wrong(Mutant.NONE, situation, LONG, redis)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POPS_INSTEAD_OF_MOVING, death, was lost",
    "NEVER_RECLAIMS, death, was lost",
    "COMPLETES_ANY_ATTEMPT, lateness, was accepted when",
    "ASSIGNS_WITHOUT_FENCE, usurpation, was accepted after epoch"
  })
  void scripts_broken_areConvicted(
      Mutant mutant, String situation, String evidence, OwnedRedis redis) throws Exception {
    assertThat(wrong(mutant, situation, SHORT, redis))
        .anyMatch(example -> example.contains(evidence));
  }

  private static List<String> wrong(
      Mutant mutant, String situation, Duration patience, OwnedRedis redis) throws Exception {
    try (RedisProxy network = RedisProxy.before(redis)) {
      Runnable cut = network::refuse;
      Function<List<String>, Object> cli =
          command -> String.valueOf(redis.cli(command.toArray(String[]::new)));
      @SuppressWarnings("unchecked")
      var trial =
          (BiFunction<String, Duration, List<String>>)
              new MutatedLoader(mutant.scripts())
                  .loadClass(Trial.class.getName())
                  .getConstructor(String.class, String.class, Runnable.class, Function.class)
                  .newInstance(redis.uri(), network.uri(), cut, cli);
      return trial.apply(situation, patience);
    }
  }
}
