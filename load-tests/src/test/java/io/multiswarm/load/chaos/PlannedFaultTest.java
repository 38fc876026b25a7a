package io.multiswarm.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlannedFaultTest {

  private static final List<Strike> KILLS = FaultFamily.KILLS.strikes();

  @Test
  void schedule_always_strikesEachKindWhileThereIsWork() {
    List<PlannedFault> faults = PlannedFault.schedule(KILLS, 20, 100_000, new Random(7));

    assertThat(faults).hasSize(20);
    for (Strike strike : KILLS) {
      assertThat(faults).filteredOn(fault -> fault.strike() == strike).hasSizeBetween(6, 7);
    }
    assertThat(faults)
        .extracting(PlannedFault::after)
        .isSorted()
        .allMatch(after -> after < 100_000);
  }

  @Test
  void schedule_ofTheSameSeed_isTheSame() {
    assertThat(PlannedFault.schedule(KILLS, 9, 1_000, new Random(3)))
        .isEqualTo(PlannedFault.schedule(KILLS, 9, 1_000, new Random(3)))
        .isNotEqualTo(PlannedFault.schedule(KILLS, 9, 1_000, new Random(4)));
  }
}
