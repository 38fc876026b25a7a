package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The enum, the directory and the headers say the same. */
class ScriptTest {

  private static final Pattern WRITES =
      Pattern.compile(
          "'(SET|PSETEX|HSET|HDEL|HINCRBY|L(PUSH|POP|SET)|R(PUSH|POP)|S(ADD|REM)|Z(ADD|REM\\w*)"
              + "|X(ADD|TRIM|DEL)|DEL|UNLINK|P?EXPIRE|COPY|RENAME|PERSIST|INCR(BY)?)'");

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
  void header_saysWhatTheScriptTakesAndGives(Script script) throws IOException, URISyntaxException {
    URL file =
        Objects.requireNonNull(Script.class.getResource("/io/multiswarm/lua/" + script.fileName()));
    List<String> header =
        Files.readAllLines(Path.of(file.toURI())).stream()
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

  /** Where replicas are waited for, they are for all that changes something. */
  @ParameterizedTest
  @EnumSource(Script.class)
  void script_whoseAnswerIsNoPromise_changesNothing(Script script) {
    if (!script.isLasting() && script != Script.REDIS_PROBE) {
      assertThat(WRITES.matcher(script.source()).results().map(MatchResult::group))
          .as(script.fileName())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void source_hasEveryLibraryInPlace(Script script) {
    assertThat(script.source()).doesNotContain("#include");
    assertThat(script.sha1()).matches("[0-9a-f]{40}");
  }

  @Test
  void source_withFunctionsThatNothingReaches_doesNotHaveThem() {
    String reached = "local function reached()\n  return deep()\nend\n";
    String deep = "local function deep()\n  return 1\nend\n";
    String unused = "local function unused()\n  return reached()\nend\n";

    assertThat(withoutUnusedFunctions(deep + unused + reached + "return reached()\n"))
        .isEqualTo(deep + reached + "return reached()\n");
  }

  @Test
  void source_withAFunctionOnOneLine_keepsItAndWhatFollows() {
    String text =
        "local function short() return 1 end\nlocal n = 2\nif n then\n  n = 3\nend\nreturn n\n";

    assertThat(withoutUnusedFunctions(text)).isEqualTo(text);
  }

  private static String withoutUnusedFunctions(String text) {
    return ScriptSource.withoutUnusedFunctions(LuaPart.of(text));
  }

  /** What was left out by mistake would only show when a call needs it. */
  @ParameterizedTest
  @EnumSource(Script.class)
  void source_hasEveryFunctionThatItCalls(Script script) throws IOException, URISyntaxException {
    String code = script.source();
    for (String name : functionsOfLibraries()) {
      if (Pattern.compile("\\b" + name + "\\(").matcher(code).find()) {
        assertThat(code).contains("local function " + name + "(");
      }
    }
  }

  private static List<String> functionsOfLibraries() throws IOException, URISyntaxException {
    Path libraries =
        Path.of(Objects.requireNonNull(Script.class.getResource("/io/multiswarm/lua/lib")).toURI());
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path file : files.toList()) {
        Pattern.compile("(?m)^local function (\\w+)")
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> names.add(match.group(1)));
      }
    }
    return names;
  }
}
