package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule that sees nothing holds; so it is shown what it must see. */
class SourceRulesTest {

  @TempDir private Path module;

  @BeforeEach
  void write() throws IOException {
    write("a", "Long", "/** Long. */\npublic class Long {\n" + "\n".repeat(298) + "}\n");
    write("b", "Short", "class Short {\n  void run() {\n" + "\n".repeat(39) + "  }\n}\n");
    write("b", "Long", "class Long {\n  void run() {\n" + "\n".repeat(38) + "  }\n}\n");
    for (int i = 0; i < 25; i++) {
      write("c", "Type" + i, "class Type" + i + " {}\n");
    }
  }

  @Test
  void longFiles_oneLineTooMany_namesIt() {
    assertThat(rules().longFiles()).containsOnlyKeys("a.Long").containsEntry("a.Long", 302);
  }

  @Test
  void longMethods_oneLineTooMany_namesIt() {
    assertThat(rules().longMethods()).containsOnlyKeys("b.Short.run");
  }

  @Test
  void largePackages_oneTypeTooMany_namesIt() {
    assertThat(rules().largePackages()).containsOnlyKeys("c");
  }

  @Test
  void ambiguousNames_nameOfTwoTypes_namesBoth() {
    assertThat(rules().ambiguousNames()).containsOnlyKeys("Long");
    assertThat(rules().ambiguousNames().get("Long")).containsExactly("a.Long", "b.Long");
  }

  @Test
  void hiddenPercent_publicAndNot_countsBoth() {
    assertThat(rules().hiddenPercent("a")).isZero();
    assertThat(rules().hiddenPercent("b")).isEqualTo(100);
    assertThatIllegalStateException().isThrownBy(() -> rules().hiddenPercent("nowhere"));
  }

  @Test
  void ofModules_noSources_isRefused() throws IOException {
    Path empty = module.resolve("empty");
    Files.createDirectories(empty.resolve("src/main/java"));

    assertThatIllegalStateException().isThrownBy(() -> SourceRules.ofModules(empty.toString()));
  }

  private SourceRules rules() {
    return SourceRules.ofModules(module.toString());
  }

  private void write(String packageName, String type, String text) throws IOException {
    Path directory = Files.createDirectories(module.resolve("src/main/java/" + packageName));
    Files.writeString(directory.resolve(type + ".java"), "package " + packageName + ";\n" + text);
  }
}
