package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFileTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"rw-------, false", "rw-r-----, false", "rw-r--r--, true", "r-----r--, true"})
  void exposure_ofAFile_isThatEverybodyMayReadIt(String permissions, boolean exposed)
      throws IOException {
    Path file = Files.createFile(directory.resolve("key.pem"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(SecretFile.exposure("TLS_KEY_FILE", file).isPresent()).isEqualTo(exposed);
    assertThat(SecretFile.exposure("TLS_KEY_FILE", file).orElse("TLS_KEY_FILE chmod 600"))
        .contains("TLS_KEY_FILE", "chmod 600");
  }

  @Test
  void exposure_ofNoFile_isNone() {
    assertThat(SecretFile.exposure("TLS_KEY_FILE", directory.resolve("none"))).isEmpty();
  }
}
