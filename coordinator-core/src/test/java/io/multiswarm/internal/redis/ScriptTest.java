package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The enum, the directory and the headers say the same. */
class ScriptTest {

  @Test
  void directory_holdsExactlyTheScriptsOfTheEnum() throws IOException, URISyntaxException {
    Path directory =
        Path.of(Objects.requireNonNull(Script.class.getResource("/io/multiswarm/lua")).toURI());
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .sorted()
              .toList();
      assertThat(names)
          .as("add a new script to both the enum Script and the directory")
          .containsExactlyElementsOf(
              Arrays.stream(Script.values()).map(Script::fileName).sorted().toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void header_saysWhatTheScriptTakesAndGives(Script script) {
    List<String> header =
        script
            .source()
            .lines()
            .dropWhile(line -> line.startsWith("#!"))
            .takeWhile(line -> line.startsWith("--"))
            .toList();
    assertThat(header).as("begins with a comment that says what it does").isNotEmpty();
    for (String section : List.of("-- KEYS", "-- ARGV", "-- Result")) {
      assertThat(header)
          .as("%s: the header needs a line %s", script.fileName(), section)
          .anyMatch(line -> line.startsWith(section));
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void source_hasEveryLibraryInPlace(Script script) {
    assertThat(script.source()).doesNotContain("#include");
    assertThat(script.sha1()).matches("[0-9a-f]{40}");
  }
}
