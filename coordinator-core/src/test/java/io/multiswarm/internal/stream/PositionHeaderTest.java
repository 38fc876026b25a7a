package io.multiswarm.internal.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.messaging.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionHeaderTest {

  private static final Position KNOWN = new Position("1700000000123456", 41);

  @Test
  void parse_publishedByScript_readsPositionAndWhereTheBodyBegins() {
    byte[] message = "{\"epoch\":\"1700000000123456\",\"offset\":42,\"id\":\"m\"}".getBytes(UTF_8);
    PositionHeader header = PositionHeader.parse(message, KNOWN);
    assertThat(header).isNotNull();
    assertThat(header.position()).isEqualTo(new Position("1700000000123456", 42));
    assertThat(new String(message, header.bodyStart(), message.length - header.bodyStart(), UTF_8))
        .isEqualTo("\"id\":\"m\"}");
  }

  @Test
  void parse_sameEpoch_sharesTheKnownString() {
    byte[] message = "{\"epoch\":\"1700000000123456\",\"offset\":1,\"id\":1}".getBytes(UTF_8);
    assertThat(PositionHeader.parse(message, KNOWN).position().epoch()).isSameAs(KNOWN.epoch());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "no json",
        "{\"id\":\"m\",\"epoch\":\"1\",\"offset\":2}",
        "{\"epoch\":\"1",
        "{\"epoch\":\"1\",\"offset\":",
        "{\"epoch\":\"1\",\"offset\":}",
        "{\"epoch\":\"1\",\"offset\":12",
        "{\"epoch\":\"1\",\"offset\":12}",
        "{\"epoch\":\"1\",\"offset\":-1,\"id\":1}",
        "{\"epoch\":\"x\",\"offset\":1,\"id\":1}",
        "{\"epoch\":\"1\",\"offset\":9999999999999999999,\"id\":1}",
        " {\"epoch\":\"1\",\"offset\":12,\"id\":1}"
      })
  void parse_notFromTheScript_isForeign(String message) {
    assertThat(PositionHeader.parse(message.getBytes(UTF_8), KNOWN)).isNull();
  }
}
