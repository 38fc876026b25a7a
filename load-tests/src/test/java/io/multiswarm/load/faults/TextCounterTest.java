package io.multiswarm.load.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextCounterTest {

  private static final String STREAM =
      "*1\r\n$6\r\nFENCED\r\n*2\r\n$$6\r\nFENCED\r\n$6\r\nFENCE\r\n";

  @Test
  void text_whereverTheStreamIsCut_isCounted() {
    for (int cut = 0; cut <= STREAM.length(); cut++) {
      var counter = new TextCounter("$6\r\nFENCED\r\n");

      long found = look(counter, STREAM.substring(0, cut)) + look(counter, STREAM.substring(cut));

      assertThat(found).as("cut at %d", cut).isEqualTo(2);
    }
  }

  @Test
  void argument_betweenLineBreaks_isCounted() {
    var counter = new TextCounter("\r\n17\r\n");

    assertThat(look(counter, "$2\r\n17\r\n$3\r\n170\r\n$3\r\n\r17\r\n$2\r\n17\r\n")).isEqualTo(2);
  }

  private static long look(TextCounter counter, String text) {
    return counter.look(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }
}
