package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "1048576, 1048576",
    "0, 0",
    "100b, 100",
    "512KiB, 524288",
    "512kb, 524288",
    "512k, 524288",
    "1MiB, 1048576",
    "1m, 1048576",
    "' 1 M ', 1048576",
    "2GiB, 2147483648",
    "9999999999g, 9223372036854775807"
  })
  void size_inEveryForm_isRead(String text, long expected) {
    assertThat(Sizes.parse(text)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "1.5m", "1 mega", "1t", "1kk", "0x10", "99999999999"})
  void size_whichIsNone_isEmpty(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }
}
