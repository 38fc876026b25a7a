package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.messaging.Gap;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantTest {

  @TempDir private Path directory;

  @Test
  void mutant_loaded_isBrokenBesideTheOriginal() throws ReflectiveOperationException {
    Class<?> broken =
        Mutant.compile(
                Gap.class,
                "Reason(String word) { this.word = word; }",
                "Reason(String word) { this.word = \"lost\"; }",
                directory)
            .load(Gap.class, List.of("io.multiswarm.messaging"));

    assertThat(broken).isNotSameAs(Gap.class);
    assertThat(reason(broken)).isEqualTo("lost");
    assertThat(reason(Gap.class)).isEqualTo("trimmed");
  }

  @Test
  void mutant_inFrontOfTheClassPath_isFoundFirst() {
    Mutant mutant = Mutant.compile(Gap.class, "\"epoch\"", "\"e\"", directory);

    assertThat(mutant.inFrontOf()).startsWith(directory.toString()).endsWith(Mutant.classPath());
  }

  @Test
  void place_thatIsGoneOrNotTheOnlyOne_isRefused() {
    assertThatThrownBy(() -> Mutant.compile(Gap.class, "no such text", "", directory))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("0 times");
    assertThatThrownBy(() -> Mutant.compile(Gap.class, "long", "int", directory))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2 times");
  }

  @Test
  void mutant_thatIsNoJava_isRefused() {
    assertThatThrownBy(() -> Mutant.compile(Gap.class, "\"epoch\"", "}", directory))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not compile");
  }

  private static String reason(Class<?> gap) throws ReflectiveOperationException {
    Class<?> reason = Class.forName(gap.getName() + "$Reason", true, gap.getClassLoader());
    return (String) reason.getMethod("word").invoke(reason.getEnumConstants()[0]);
  }
}
