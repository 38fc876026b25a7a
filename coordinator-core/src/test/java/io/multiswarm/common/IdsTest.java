package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  @Test
  void isWellFormed_anyCharacterAtAnyPlace_isWhatTheGrammarSays() {
    for (char c = 0; c < 0x180; c++) {
      for (String id : new String[] {"" + c, "a" + c, "a" + c + "b"}) {
        assertThat(Ids.isWellFormed(id)).as(id).isEqualTo(GRAMMAR.matcher(id).matches());
      }
    }
  }

  @Test
  void isWellFormed_length_isOneTo128() {
    assertThat(Ids.isWellFormed("")).isFalse();
    assertThat(Ids.isWellFormed(null)).isFalse();
    assertThat(Ids.isWellFormed("a".repeat(128))).isTrue();
    assertThat(Ids.isWellFormed("a".repeat(129))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"leader", "index", "global", "sys"})
  void checkSwarm_reservedWord_isRefused(String word) {
    assertThatThrownBy(() -> Ids.checkSwarm("id", word))
        .isInstanceOfSatisfying(
            CoordinationException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("id")
        .hasMessageContaining(word);
  }

  @Test
  void unique_ids_differAndAreKnownAsSuch() {
    String one = Ids.unique("msg");
    assertThat(one).isNotEqualTo(Ids.unique("msg"));
    assertThat(Ids.isWellFormed(one)).isTrue();
    assertThat(Ids.isUnique("msg", one)).isTrue();
    assertThat(Ids.isUnique("task", one)).isFalse();
    assertThat(Ids.isUnique("msg", "msg-1")).isFalse();
    assertThat(Ids.isUnique("msg", "msg-Somebodys-own")).isFalse();
  }
}
