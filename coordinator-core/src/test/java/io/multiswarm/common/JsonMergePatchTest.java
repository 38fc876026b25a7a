package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMergePatchTest {

  private static String merged(String target, String patch) {
    return Json.parse(target).mergedWith(Json.parse(patch)).toString();
  }

  /** The table of RFC 7396, appendix A. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"} | {\"a\":null} | {}",
        "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
        "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
        "[\"a\",\"b\"] | [\"c\",\"d\"] | [\"c\",\"d\"]",
        "{\"a\":\"b\"} | [\"c\"] | [\"c\"]",
        "{\"a\":\"foo\"} | null | null",
        "{\"a\":\"foo\"} | \"bar\" | \"bar\"",
        "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
        "[1,2] | {\"a\":\"b\",\"c\":null} | {\"a\":\"b\"}",
        "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}"
      })
  void merge_ofTheStandardsExamples_isTheirResult(String target, String patch, String expected) {
    assertThat(merged(target, patch)).isEqualTo(expected);
  }

  @Test
  void values_thatThePatchDoesNotName_keepTheirBytes() {
    for (String value :
        List.of(
            "1e400",
            "-0.0",
            "1.10",
            "12345678901234567890.123456789",
            "\"\\u00e9\\/\\ud800\"",
            "[ 1 , {\"a\" :2} ]",
            "{ \"b\": 1E5 }")) {
      assertThat(merged("{\"v\": " + value + " ,\"x\":1}", "{\"x\":2}"))
          .isEqualTo("{\"v\":" + value + ",\"x\":2}");
      assertThat(merged("{\"x\":1}", "{ \"v\" : [" + value + "] }"))
          .isEqualTo("{\"x\":1,\"v\":[" + value + "]}");
    }
  }

  @Test
  void names_ofAnyText_areKeptApart() {
    assertThat(
            merged(
                "{\"\":1,\"\\u00e4\":2,\"q\\\"\\n\":3,\"😀\":4}", "{\"ä\":5,\"\\ud83d\\ude00\":6}"))
        .isEqualTo("{\"\":1,\"ä\":5,\"q\\\"\\n\":3,\"😀\":6}");
  }

  @Test
  void nesting_toTheLimit_isMerged() {
    String deep = "{\"a\":".repeat(Json.MAX_DEPTH) + "1" + "}".repeat(Json.MAX_DEPTH);
    assertThat(merged(deep, deep)).isEqualTo(deep);
    assertThat(merged("{}", deep)).isEqualTo(deep);
  }
}
