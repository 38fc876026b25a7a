package io.multiswarm.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisProgramTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-amd64",
    "Linux, aarch64, linux-arm64",
    "Linux, i386, linux-386",
    "Mac OS X, x86_64, darwin-amd64",
    "Mac OS X, aarch64, darwin-arm64"
  })
  void program_forEverySupportedMachine_isPackaged(String os, String arch, String platform) {
    String name = RedisProgram.resourceName(os, arch);

    assertThat(name).isEqualTo("redis-server-7.0.15-" + platform);
    assertThat(getClass().getResource("/" + name)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, riscv64"})
  void program_forAnotherMachine_isMissing(String os, String arch) {
    assertThat(getClass().getResource("/" + RedisProgram.resourceName(os, arch))).isNull();
  }

  @Test
  void install_again_leavesTheProgramAlone() throws IOException {
    Path program = RedisProgram.install(directory);
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(program, old);

    assertThat(RedisProgram.install(directory)).isEqualTo(program).isExecutable();
    assertThat(Files.getLastModifiedTime(program)).isEqualTo(old);
  }

  @Test
  void install_overADamagedProgram_replacesIt() throws IOException {
    Path program = RedisProgram.install(directory);
    long size = Files.size(program);
    Files.write(program, new byte[10]);
    Files.createFile(directory.resolve("of-a-killed-coordinator.part"));

    RedisProgram.install(directory);

    assertThat(program).hasSize(size).isExecutable();
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void install_whereNothingCanBeWritten_saysSo() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> RedisProgram.install(file.resolve("bin")))
        .withMessageContainingAll("redis-server cannot be unpacked", "--data-dir", "--redis-url");
  }
}
