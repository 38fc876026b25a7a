package io.multiswarm.load.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multiswarm.load.PackagedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every scenario against a server that was broken on purpose: what it does not convict here, it
 * would not find in a run either. Takes minutes, and runs with {@code -Pmutants} alone. The table
 * of what was caught goes to {@code target/mutants.md}.
 */
@Tag("mutants")
@Timeout(300)
class ServerMutantsIT {

  /** Some of them by their names, with commas; all when it is not given. */
  private static final String CHOSEN = System.getProperty("mutants", "");

  private static final Map<ServerMutant, String> CAUGHT = new ConcurrentHashMap<>();

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @ParameterizedTest
  @EnumSource
  void server_brokenInOnePlace_isConvictedByItsScenario(
      ServerMutant mutant, @TempDir Path directory) throws IOException {
    assumeTrue(CHOSEN.isEmpty() || List.of(CHOSEN.split(",")).contains(mutant.name()));
    var run = new PackagedRun();
    Path server = MutatedServer.of(mutant, PackagedRun.SERVER, directory);

    int code =
        run.against(
            server,
            "all",
            "--brief",
            "--only",
            mutant.scenario(),
            "--seed",
            "1",
            "--out",
            directory.resolve("report").toString());

    CAUGHT.put(mutant, evidence(run.said()));
    tell();
    assertThat(code).as(run.said()).isEqualTo(1);
    assertThat(run.said()).doesNotContain("nothing was measured");
  }

  private static String evidence(String said) {
    return said.lines()
        .filter(line -> line.startsWith("FAILED  "))
        .map(line -> line.replaceFirst("FAILED\\s+\\S+\\s+\\d+ s\\s+", ""))
        .findFirst()
        .orElse("");
  }

  /** After each, so that what was seen is kept whatever comes. */
  private static void tell() throws IOException {
    var table = new StringBuilder("| mutant | caught by | what it said |\n|---|---|---|\n");
    new TreeMap<>(CAUGHT)
        .forEach(
            (mutant, words) ->
                table.append("| `%s` | `%s` | %s |%n".formatted(mutant, mutant.scenario(), words)));
    Files.writeString(Path.of("target/mutants.md"), table);
  }
}
