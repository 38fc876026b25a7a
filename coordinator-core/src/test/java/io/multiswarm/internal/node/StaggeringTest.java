package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StaggeringTest {

  private static final List<String> SWARMS =
      IntStream.range(0, 1_000).mapToObj(i -> "swarm-" + i * 7919).toList();

  @Test
  void swarm_inAnyRowOfAllPhases_hasOneTurn() {
    Staggering turns = new Staggering(60);
    for (long first : new long[] {0, 7, 59, 1_000_003, Long.MAX_VALUE - 100}) {
      assertThat(SWARMS)
          .allSatisfy(
              swarm ->
                  assertThat(
                          LongStream.range(first, first + 60)
                              .filter(phase -> turns.isIn(phase, swarm)))
                      .hasSize(1));
    }
  }

  @Test
  void phases_ofManySwarms_haveTheirShareEach() {
    Staggering turns = new Staggering(10);
    for (long phase = 0; phase < 10; phase++) {
      long now = phase;
      assertThat(SWARMS.stream().filter(swarm -> turns.isIn(now, swarm)).count())
          .isBetween(50L, 150L);
    }
  }

  @Test
  void phases_madeUpForTogether_haveWhoHadItsTurnInOneOfThem() {
    Staggering turns = new Staggering(12);
    assertThat(SWARMS)
        .allSatisfy(
            swarm -> {
              assertThat(turns.isWithin(5, 9, swarm))
                  .isEqualTo(
                      LongStream.rangeClosed(5, 9).anyMatch(phase -> turns.isIn(phase, swarm)));
              assertThat(turns.isWithin(5, 16, swarm)).as("all phases").isTrue();
              assertThat(turns.isWithin(5, 1_000, swarm)).as("more than all").isTrue();
            });
  }

  @Test
  void phases_asManyAsFit() {
    Duration minute = Duration.ofMinutes(1);
    assertThat(Staggering.of(minute, Duration.ofSeconds(7), 60).phases()).isEqualTo(8);
    assertThat(Staggering.of(minute, Duration.ofMillis(100), 60).phases()).isEqualTo(60);
    assertThat(Staggering.of(minute, Duration.ofMinutes(2), 60).phases()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Staggering(0));
  }
}
