package io.multiswarm.load.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.PackagedRun;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every mutant of {@link ServerMutantsIT}, which takes minutes and runs when somebody asks for it:
 * the place that it breaks is in the code as it is today, and what stands there then is a program.
 */
@RedisTest
class ServerMutantsFitIT {

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @ParameterizedTest
  @EnumSource
  void mutant_ofTodaysServer_hasItsPlaceAndCompiles(
      ServerMutant mutant, @TempDir Path directory, OwnedRedis redis) throws IOException {
    MutatedServer.of(mutant, PackagedRun.SERVER, directory);

    if (!mutant.isJava()) {
      Path script = ServerMutant.Lua.SOURCES.relativize(mutant.file());
      String broken = Files.readString(directory.resolve("classes").resolve(script));
      // An error would be one; it is of the text alone, so that what a library lacks is no matter.
      assertThat(String.valueOf(redis.cli("SCRIPT", "LOAD", broken))).matches("[0-9a-f]{40}");
    }
  }
}
