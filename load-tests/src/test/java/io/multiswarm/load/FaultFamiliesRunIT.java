package io.multiswarm.load;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shortest form of families of faults besides the kills. */
@Tag("runs")
@Timeout(300)
class FaultFamiliesRunIT {

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @ParameterizedTest
  @CsvSource({"rolling, 1, 400", "memory, 1, 400"})
  void chaos_ofAFamily_losesNothingAndCompletesNothingTwice(
      String family, String faults, String tasks) {
    new PackagedRun()
        .passes(
            "chaos",
            "--faults",
            family,
            "--kills",
            faults,
            "--tasks",
            tasks,
            "--unfinished",
            "100",
            "--swarms",
            "20",
            "--lease",
            "1500ms");
  }
}
