package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.messaging.NewMessage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that are built from values, and values at the limits. */
class JsonValuesTest {

  private static final Json EXACT = Json.parse("{ \"n\" : 1.10, \"m\":-1e400 }");

  record Holder(String name, @Nullable Json value) {}

  @Test
  void of_jsonWithinOtherValues_standsAsItIs() {
    assertThat(Json.of(Map.of("n", Json.of(5)))).hasToString("{\"n\":5}");
    assertThat(Json.of(List.of(EXACT))).hasToString("[" + EXACT + "]");
    assertThat(Json.of(new Json[] {Json.NULL, Json.of("é")})).hasToString("[null,\"é\"]");
    assertThat(Json.of(new Holder("a", EXACT)))
        .hasToString("{\"name\":\"a\",\"value\":" + EXACT + "}");
    assertThat(Json.of(Map.of("deep", List.of(Map.of("h", new Holder("a", Json.EMPTY_ARRAY))))))
        .hasToString("{\"deep\":[{\"h\":{\"name\":\"a\",\"value\":[]}}]}");
    assertThat(NewMessage.of("t", Map.of("received", EXACT)).data())
        .hasToString("{\"received\":" + EXACT + "}");
  }

  @Test
  void refusals_ofWhatIsNoJson_haveNoWordsOfTheParser() {
    Map<String, Object> circle = new HashMap<>();
    circle.put("circle", circle);
    List<ThrowingCallable> refused =
        List.of(
            () -> Json.parse("{"),
            () -> Json.parse("{\"a\":[1,"),
            () -> Json.parse("\"a"),
            () -> Json.parse("[".repeat(101) + "]".repeat(101)),
            () -> Json.parse("NaN"),
            () -> Json.of(circle),
            () -> Json.of(Double.NaN));
    for (ThrowingCallable call : refused) {
      assertThatThrownBy(call)
          .isInstanceOf(CoordinationException.class)
          .message()
          .doesNotContain("`", "REDACTED", "Feature", "Constraints", "java.util");
    }
  }

  @Test
  void as_memberOfTypeJson_isWhatWasWritten() {
    Holder read = Json.parse("{\"name\":\"a\",\"value\": " + EXACT + " }").as(Holder.class);
    assertThat(read.value()).isEqualTo(EXACT);
    assertThat(Json.parse("{\"name\":\"a\",\"value\":null}").as(Holder.class).value())
        .isEqualTo(Json.NULL);
    assertThat(Json.of(read).as(Holder.class)).isEqualTo(read);
  }

  @Test
  void of_valueBeyondALimit_isRefused() {
    Object deep = List.of();
    for (int level = 1; level < Json.MAX_DEPTH; level++) {
      deep = List.of(deep);
    }
    Json deepest = Json.of(deep);
    assertThatCode(() -> Json.parse(deepest.bytes())).doesNotThrowAnyException();
    Object deeper = List.of(deep);
    refused(() -> Json.of(deeper));
    refused(() -> Json.of(Map.of("d", deepest)));
    refused(() -> Json.object(Map.of("d", deepest)));
    refused(() -> Json.of(Map.of("n", BigInteger.TEN.pow(Json.MAX_DIGITS))));
    refused(() -> Json.of(new TreeMap<>(Map.of("\ud800", 1))));
    Map<Object, Object> twice = new HashMap<>();
    twice.put(1, "number");
    twice.put("1", "text");
    refused(() -> Json.of(twice));
  }

  @Test
  void values_withoutATypeOfTheirOwn_loseNothing() {
    String text =
        """
        {"large":1e400,"small":1E-400,"fine":0.1000000000000000055511151231257827,"near":0.1,\
        "whole":1.0,"zero":-0.0,"long":9007199254740993,"longer":123456789012345678901234567890,\
        "none":null,"list":[true,false,[],{}],"text":"\\u2028"}""";
    Map<String, Object> members = Json.parse(text).asMap();
    assertThat(members.get("large")).isEqualTo(new BigDecimal("1e400"));
    assertThat(members.get("near")).isEqualTo(0.1);
    assertThat(members.get("whole")).isEqualTo(1.0);
    assertThat(members.get("zero")).isEqualTo(-0.0);

    Map<String, Object> again = Json.of(members).asMap();
    assertThat(again).isEqualTo(members);
    assertThat(Json.parse("[1e400]").as(Object.class)).isEqualTo(List.of(new BigDecimal("1e400")));
  }

  @Test
  void of_whatIsNoNumberOfJson_isRefused() {
    refused(() -> Json.of(Double.NaN));
    refused(() -> Json.of(Map.of("n", Double.POSITIVE_INFINITY)));
    refused(() -> Json.of(List.of(Float.NEGATIVE_INFINITY)));
  }

  @Test
  void reason_ofARefusal_namesNoSettingOfTheParser() {
    assertThatThrownBy(() -> Json.parse("[".repeat(200)))
        .hasMessageContaining("nesting depth (101) exceeds the maximum allowed (100)");
    assertThatThrownBy(() -> Json.parse("NaN"))
        .hasMessageEndingWith("not readable as JSON: Non-standard token 'NaN'");
  }

  @Test
  void parse_textThatIsNoJsonOfOurs_isRefused() {
    for (byte[] text :
        List.of(
            bytes("\uFEFF{}"),
            bytes(""),
            bytes(" "),
            bytes("{} {}"),
            bytes("{\"a\":1,\"a\":2}"),
            bytes("{\"\\ud800\":1}"),
            bytes("[{\"x\":{\"\\udc00a\":1}}]"),
            "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE),
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xff, '"'})) {
      refused(() -> Json.parse(text));
    }
    refused(() -> Json.parse("\"\ud800\""));
  }

  @Test
  void json_longNamesAndStrings_areReadEverywhere() {
    String name = "n".repeat(1_000_000);
    Json json = Json.parse("{\"" + name + "\":{\"" + name + "\":\"" + name + "\"}}");

    assertThat(json.members()).containsOnlyKeys(name);
    assertThat(json.asMap()).containsOnlyKeys(name);
    Json merged = json.mergedWith(Json.parse("{\"" + name + "\":{\"x\":1}}"));
    assertThat(merged.members().get(name).members()).containsOnlyKeys(name, "x");
  }

  /** A parser that keeps names would keep half a gigabyte here. */
  @Test
  void json_thousandsOfLongNames_leaveNothingBehind() {
    byte[] text = bytes("{\"" + "n".repeat(1_000_000) + "\":1}");
    long before = used();
    for (int i = 0; i < 100; i++) {
      byte[] other = text.clone();
      other[2] = (byte) ('0' + i % 10);
      other[3] = (byte) ('0' + i / 10);
      Json.parse(other).members();
    }
    assertThat(used() - before).isLessThan(30L << 20);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void halvesOfPairs_inValues_passByteForByte() {
    Json half = Json.parse("{\"a\":\"\\ud800\",\"b\":[\"x\\udc00\"]}");
    assertThat(half.members().get("a")).hasToString("\"\\ud800\"");
    assertThat(half.mergedWith(Json.parse("{\"c\":1}")))
        .hasToString("{\"a\":\"\\ud800\",\"b\":[\"x\\udc00\"],\"c\":1}");
    assertThat(Json.parse(Json.of(half.asMap()).bytes()).asMap()).isEqualTo(half.asMap());
    assertThat(Json.parse(Json.quote("\ud800")).text()).isEqualTo("\ud800");
    assertThat(Json.quote("😀\u2028é")).isEqualTo("\"😀\u2028é\"");
  }

  @Test
  void shortened_withinAPair_keepsItWhole() {
    assertThat(Texts.shortened("ab😀cd", 3)).isEqualTo("ab…");
    assertThat(Texts.shortened("ab😀cd", 4)).isEqualTo("ab😀…");
    assertThat(Texts.shortened("ab😀", 4)).isEqualTo("ab😀");
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CoordinationException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
