package io.multiswarm.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListCursorTest {

  private final ListCursor cursors = new ListCursor("");

  @Test
  void cursor_ofAnyScore_isReadBackExactly() {
    for (double score : List.of(1_763_834_000_123.0, 1_763_834_000_123.0 + 1.0 / 1024, 0.0)) {
      assertThat(cursors.decode(cursors.encode(score))).isEqualTo(score);
    }
  }

  @Test
  void cursor_thatWasNotIssued_isRefused() {
    String genuine = cursors.encode(1_763_834_000_123.0);
    List<String> foreign =
        List.of(
            "",
            "x",
            "AAAA",
            "=",
            genuine.substring(1),
            genuine + "A",
            genuine + "==",
            genuine.replace(genuine.charAt(3), genuine.charAt(3) == 'a' ? 'b' : 'a'),
            new ListCursor("other").encode(1_763_834_000_123.0));
    for (String cursor : foreign) {
      assertThatThrownBy(() -> cursors.decode(cursor))
          .as(cursor)
          .isInstanceOf(CoordinationException.class)
          .hasMessageContaining("cursor");
    }
  }
}
