package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The brief form of scenarios that {@code all} alone has, against the packaged server. */
@Tag("runs")
@Timeout(300)
class BriefRunIT {

  private final PackagedRun run = new PackagedRun();

  @TempDir private Path directory;

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @Test
  void mixed_inBurstsAndBesideLongTasks_losesNothing() {
    passes("mixed");

    assertThat(run.said()).contains("accepted tasks not completed 0", "announced as missing");
  }

  @Test
  void malformed_besideOthers_isRefusedAndCostsThemNothing() {
    passes("malformed");

    assertThat(run.said())
        .contains("closed with 1002", "refused with PARSE_ERROR", "refused with INVALID_ARGUMENT");
  }

  private void passes(String scenario) {
    run.passes("all", "--brief", "--only", scenario, "--seed", "1", "--out", directory.toString());
  }
}
