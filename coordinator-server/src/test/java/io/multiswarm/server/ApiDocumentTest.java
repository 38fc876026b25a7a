package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Message.MessageType;
import io.multiswarm.registry.SwarmMode;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.server.http.ApiDocument;
import io.multiswarm.server.protocol.FrameParser;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import io.multiswarm.tasks.TaskStatus;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The AsyncAPI document against the tables of the code. {@link ApiDocumentIT} asks the server. */
class ApiDocumentTest {

  private static final WireContract CONTRACT = WireContract.ofTheServer();
  private static final JsonNode DOCUMENT = CONTRACT.document();
  private static final JsonMapper MAPPER = new JsonMapper();

  @Test
  void versionAndHost_always_areThoseOfTheServer() {
    JsonNode served = MAPPER.readTree(ApiDocument.of("1.2.3-\"x\"").bytes("[::1]:80"));

    assertThat(served.at("/info/version").asString()).isEqualTo("1.2.3-\"x\"");
    assertThat(served.path("asyncapi").asString()).isEqualTo("3.0.0");
    assertThat(served.at("/servers/node/host").asString()).isEqualTo("[::1]:80");
  }

  @Test
  void references_always_leadSomewhere() {
    List<String> references = DOCUMENT.findValuesAsString("$ref");

    assertThat(references).hasSizeGreaterThan(500);
    assertThat(references)
        .allMatch(to -> to.startsWith("#/") && !DOCUMENT.at(to.substring(1)).isMissingNode());
  }

  @Test
  void components_always_areUsed() {
    List<String> references = DOCUMENT.findValuesAsString("$ref");

    for (String kind : List.of("messages", "schemas")) {
      assertThat(DOCUMENT.path("components").path(kind).propertyNames())
          .allMatch(name -> references.contains("#/components/" + kind + "/" + name));
    }
  }

  @Test
  void notifications_always_areThoseOfTheCode() {
    assertThat(CONTRACT.operations("send").keySet())
        .containsExactlyInAnyOrderElementsOf(words(Notification.values(), Notification::method));
  }

  @Test
  void errors_always_areThoseOfTheCode() {
    List<String> described =
        DOCUMENT
            .at("/components/schemas/Error/oneOf")
            .valueStream()
            .map(
                one ->
                    one.path("title").asString()
                        + one.at("/properties/data/properties/name/const")
                        + one.at("/properties/code/const")
                        + one.at("/properties/data/properties/retryable/const"))
            .toList();

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            words(
                ErrorCode.values(),
                code ->
                    code.name() + '"' + code.name() + '"' + code.wireCode() + code.retryable()));
  }

  @Test
  void closeCodes_always_areThoseOfTheCode() {
    String description = DOCUMENT.at("/channels/session/description").asString();
    Stream<String> told =
        Pattern.compile("(\\d{4}) (?:or|\\()")
            .matcher(description)
            .results()
            .map(found -> found.group(1));

    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            words(CloseCode.values(), code -> String.valueOf(code.status())));
  }

  static Stream<Arguments> vocabularies() {
    return Stream.of(
        Arguments.of("/schemas/Priority", words(Priority.values(), Priority::word)),
        Arguments.of("/schemas/SwarmMode", words(SwarmMode.values(), SwarmMode::word)),
        Arguments.of("/schemas/SwarmStatus", words(SwarmStatus.values(), SwarmStatus::word)),
        Arguments.of("/schemas/TaskStatus", words(TaskStatus.values(), TaskStatus::word)),
        Arguments.of("/schemas/MessageType", words(MessageType.values(), MessageType::word)),
        Arguments.of(
            "/schemas/ConflictStrategy", words(ConflictStrategy.values(), ConflictStrategy::word)),
        Arguments.of(
            "/messages/channel.gap/payload/properties/params/properties/reason",
            words(Gap.Reason.values(), Gap.Reason::word)));
  }

  private static <T> List<String> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).toList();
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void words_always_areThoseOfTheCode(String place, List<String> words) {
    assertThat(
            DOCUMENT.at("/components" + place).path("enum").valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrderElementsOf(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "A.b_c-9", "index", "sys", "events", "leader", "indexes", "-a", "", "ä", "a/b"
      })
  void ids_always_haveTheGrammarOfTheCode(String id) {
    String longest = id + "x".repeat(128 - id.length());
    for (String tried : List.of(id, longest, longest + "x")) {
      assertThat(fits("Id", tried)).isEqualTo(Ids.isWellFormed(tried));
      assertThat(fits("SwarmId", tried)).isEqualTo(Ids.isSwarmId(tried));
    }
  }

  private static boolean fits(String schema, String text) {
    String pattern = DOCUMENT.at("/components/schemas/" + schema + "/pattern").asString();
    return Pattern.compile(pattern).matcher(text).find();
  }

  @Test
  void reservedWords_always_areRefusedByTheCode() {
    String pattern = DOCUMENT.at("/components/schemas/SwarmId/pattern").asString();
    String words = pattern.substring(pattern.indexOf("(?:") + 3, pattern.indexOf(")$)"));

    assertThat(words.split("\\|")).allMatch(Ids::isReserved);
  }

  @Test
  void channel_always_isTheWebSocket() {
    JsonNode channel = DOCUMENT.at("/channels/session");

    assertThat(channel.path("address").asString()).isEqualTo(WebSocketEndpoint.PATH);
    assertThat(
            channel.at("/bindings/ws/headers/properties/Sec-WebSocket-Protocol/const").asString())
        .isEqualTo(WebSocketEndpoint.PROTOCOL);
    assertThat(DOCUMENT.at("/components/messages/batch/payload/maxItems").asInt())
        .isEqualTo(FrameParser.MAX_BATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "done            | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}            |"
            + " {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"x\":1}}",
        "channel.request |"
            + " {\"jsonrpc\":\"2.0\",\"method\":\"channel.request\",\"params\":{\"channel\":\"swarm:a\",\"n\":1}}"
            + " | {\"jsonrpc\":\"2.0\",\"method\":\"channel.request\",\"params\":{\"channel\":\"swarm:a\",\"n\":0}}",
        "error           |"
            + " {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32008,\"message\":\"m\",\"data\":{\"name\":\"FENCED\",\"retryable\":false}}}"
            + " | {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32003,\"message\":\"m\",\"data\":{\"name\":\"FENCED\",\"retryable\":false}}}",
        "swarm.detached  |"
            + " {\"jsonrpc\":\"2.0\",\"method\":\"swarm.detached\",\"params\":{\"swarmId\":\"a\",\"incarnation\":1,\"reason\":\"r\"}}"
            + " | {\"jsonrpc\":\"2.0\",\"method\":\"swarm.detached\",\"params\":{\"swarmId\":\"a\",\"incarnation\":1}}"
      })
  void contract_ofTests_tellsFramesThatFitFromOthers(String message, String fits, String other) {
    CONTRACT.check(message, MAPPER.readTree(fits));

    assertThatThrownBy(() -> CONTRACT.check(message, MAPPER.readTree(other)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(message + " is not as described");
  }
}
