package io.multiswarm.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlowTest {

  @Test
  void schedule_always_strikesEachKindWhileThereIsWork() {
    List<Blow> blows = Blow.schedule(20, 100_000, new Random(7));

    assertThat(blows).hasSize(20);
    for (Victim victim : Victim.values()) {
      assertThat(blows).filteredOn(blow -> blow.victim() == victim).hasSizeBetween(6, 7);
    }
    assertThat(blows).extracting(Blow::after).isSorted().allMatch(after -> after < 100_000);
  }

  @Test
  void schedule_ofTheSameSeed_isTheSame() {
    assertThat(Blow.schedule(9, 1_000, new Random(3)))
        .isEqualTo(Blow.schedule(9, 1_000, new Random(3)))
        .isNotEqualTo(Blow.schedule(9, 1_000, new Random(4)));
  }
}
