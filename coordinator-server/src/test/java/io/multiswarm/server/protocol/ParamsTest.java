package io.multiswarm.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParamsTest {

  private static Params params(String json) {
    return Params.of(Json.parse(json), "task");
  }

  @Test
  void values_ofEachType_areRead() {
    Params params =
        params(
            """
            { "s" : "a\\u00e9\\n" , "plain":"é", "n":-5 ,"t":true,"o":{ "x": [1, 2] },
              "l":["a", {"b":1} ,null], "w":["x","y\\t"], "z":null }""");

    assertThat(params.string("s")).isEqualTo("aé\n");
    assertThat(params.string("plain")).isEqualTo("é");
    assertThat(params.integer("n", -5, 5)).isEqualTo(-5);
    assertThat(params.bool("t", false)).isTrue();
    assertThat(params.object("o")).hasToString("{ \"x\": [1, 2] }");
    assertThat(params.params("o").list("x", 9)).hasToString("[1, 2]");
    assertThat(params.list("l", 9)).hasToString("[\"a\", {\"b\":1}, null]");
    assertThat(params.strings("w", 9)).containsExactly("x", "y\t");
    assertThat(params.json("z").isNull()).isTrue();
    assertThat(params.json("n")).hasToString("-5");
  }

  @Test
  void values_thatAreNullOrAbsent_haveTheirFallback() {
    Params params = params("{\"z\":null}");

    for (String name : new String[] {"z", "absent"}) {
      assertThat(params.has(name)).isFalse();
      assertThat(params.optionalString(name)).isNull();
      assertThat(params.string(name, "f")).isEqualTo("f");
      assertThat(params.integer(name, 7, 1, 10)).isEqualTo(7);
      assertThat(params.bool(name, true)).isTrue();
      assertThat(params.optionalObject(name)).isNull();
      assertThat(params.optionalParams(name)).isNull();
      assertThat(params.strings(name, 9)).isEmpty();
    }
    assertThat(params.optionalJson("absent")).isNull();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal("{}", params -> params.string("x")),
        refusal("{\"x\":null}", params -> params.string("x")),
        refusal("{\"x\":1}", params -> params.string("x")),
        refusal("{\"x\":\"\"}", params -> params.words("x")),
        refusal("{\"x\":\"\\ud800\"}", params -> params.string("x")),
        refusal("{\"x\":\"12\"}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":12.0}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":1e1}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":21}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":0}", params -> params.integer("x", 5, 1, 20)),
        refusal("{\"x\":18446744073709551617}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":true}", params -> params.integer("x", 1, 20)),
        refusal("{\"x\":1}", params -> params.bool("x", false)),
        refusal("{\"x\":\"true\"}", params -> params.bool("x", false)),
        refusal("{\"x\":[]}", params -> params.object("x")),
        refusal("{\"x\":{}}", params -> params.list("x", 9)),
        refusal("{\"x\":[\"a\",1]}", params -> params.strings("x", 9)),
        refusal("{\"x\":\"a\"}", params -> params.strings("x", 9)),
        refusal("{\"x\":[1,2,3]}", params -> params.list("x", 2)),
        refusal("{\"x\":[\"a\",\"b\",7]}", params -> params.strings("x", 2)),
        refusal("{}", params -> params.json("x")));
  }

  private static Arguments refusal(String json, Consumer<Params> getter) {
    return Arguments.of(json, getter);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void value_thatDoesNotFit_isRefusedByName(String json, Consumer<Params> getter) {
    assertThatThrownBy(() -> getter.accept(params(json)))
        .isInstanceOfSatisfying(
            CoordinationException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(refusal.details()).containsEntry("param", "task.x");
              assertThat(refusal.message()).startsWith("task.x: ");
            });
  }
}
