package io.multiswarm.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramVersionTest {

  private static ProgramVersion version(String text) {
    return ProgramVersion.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d, redis 7.0.15",
    "Valkey server v=8.1.2 sha=00000000:0 malloc=libc bits=64 build=0, valkey 8.1.2"
  })
  void line_ofAServer_tellsItsVersion(String line, String version) {
    assertThat(ProgramVersion.told(line)).contains(version(version));
    assertThat(version(version)).hasToString(version);
  }

  @Test
  void line_ofAnotherProgram_tellsNothing() {
    assertThat(ProgramVersion.told("KeyDB server v=7.3.4 sha=0")).isEmpty();
    assertThat(ProgramVersion.told("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "redis 7.0.15, redis 7.0.15, true",
    "redis 7.2.0, redis 7.0.15, true",
    "redis 7.0.14, redis 7.0.15, false",
    "redis 7.0.15, redis 7.2.1, false",
    "valkey 8.0.0, redis 7.2.9, true",
    "valkey 8.0.0, redis 7.4.0, false",
    "redis 8.0.0, valkey 7.2.5, false",
    "valkey 9.0.0, valkey 8.1.0, true"
  })
  void program_reads_whatIsNotNewer(String reader, String writer, boolean reads) {
    assertThat(version(reader).reads(version(writer))).isEqualTo(reads);
  }

  @ParameterizedTest
  @CsvSource({"redis 6.2.14, false", "redis 7.0.0, true", "valkey 7.2.5, true"})
  void program_runsOurScripts_from7On(String version, boolean newEnough) {
    assertThat(version(version).isNewEnough()).isEqualTo(newEnough);
  }
}
