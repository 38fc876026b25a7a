package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonMembersTest {

  @Test
  void members_ofAnyKind_areTheBytesAsWritten() {
    Json json =
        Json.parse(
            """
            { "a" : 1.10, "b":"x\\n\\u00e4ä", "c": [ 1 , {"d":{}} ], "e":null,"f":{ },"g":-1e400, "h":true}
            """);

    Map<String, Json> members = json.members();

    assertThat(members.keySet()).containsExactly("a", "b", "c", "e", "f", "g", "h");
    assertThat(members.values().stream().map(Json::toString))
        .containsExactly(
            "1.10", "\"x\\n\\u00e4ä\"", "[ 1 , {\"d\":{}} ]", "null", "{ }", "-1e400", "true");
  }

  @Test
  void elements_ofAnArray_keepTheirOrder() {
    List<Json> elements = Json.parse("[1, \"two\" ,[3],{}]").elements();

    assertThat(elements.stream().map(Json::toString)).containsExactly("1", "\"two\"", "[3]", "{}");
    assertThat(Json.EMPTY_ARRAY.elements()).isEmpty();
  }

  @Test
  void object_ofMembers_isReadBackAsThem() {
    Map<String, Json> members = Json.parse("{\"a\\\"b\":1,\"c\":[]}").members();

    assertThat(Json.object(members)).hasToString("{\"a\\\"b\":1,\"c\":[]}");
    assertThat(Json.object(Map.of())).isEqualTo(Json.EMPTY_OBJECT);
  }

  @Test
  void members_ofSomethingElse_areRefused() {
    assertThatThrownBy(() -> Json.EMPTY_ARRAY.members())
        .isInstanceOf(CoordinationException.class)
        .hasMessageContaining("object");
  }
}
