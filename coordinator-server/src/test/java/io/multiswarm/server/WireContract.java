package io.multiswarm.server;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.multiswarm.server.http.ApiDocument;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server's AsyncAPI document says of frames. Clients ignore members that they do not know,
 * but here one that is not described is refused, so that the document stays complete.
 */
public final class WireContract {

  private static final String IRI = "https://multiswarm.invalid/asyncapi.json";

  /** Reads all that the server may send: names and numbers of any length. */
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private static final WireContract CONTRACT = new WireContract();

  private final JsonNode document =
      MAPPER.readTree(ApiDocument.of("1.0.0").bytes("localhost:8080"));
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private WireContract() {
    JsonNode closed = document.deepCopy();
    close(closed);
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_7,
            builder -> builder.schemas(Map.of(IRI, closed.toString())));
  }

  /** The one of the server under test; its schemas are compiled once. */
  public static WireContract ofTheServer() {
    return CONTRACT;
  }

  JsonNode document() {
    return document;
  }

  /** An object that lists its members has no others, unless it says so. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("type").asString("").equals("object")
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(WireContract::close);
  }

  /** Checks an answer, and the request's text too when it was accepted. */
  void checkAnswer(String request, JsonNode answer) {
    if (answer.has("error")) {
      check("error", answer);
    } else {
      JsonNode accepted = MAPPER.readTree(request);
      String method = accepted.path("method").asString();
      check(method, accepted);
      check(resultOf(method), answer);
    }
  }

  void checkNotification(JsonNode notification) {
    check(notification.path("method").asString(), notification);
  }

  /** The name of the message that a method's operation replies with. */
  private String resultOf(String method) {
    return nameOf(document.path("operations").path(method).at("/reply/messages/0"));
  }

  /** The schema of the answer that an operation gives. */
  JsonNode resultOf(JsonNode operation) {
    return resolved(resolved(operation.at("/reply/messages/0"))).path("payload");
  }

  /** The last word of a reference. */
  private static String nameOf(JsonNode reference) {
    String target = reference.path("$ref").asString();
    return target.substring(target.lastIndexOf('/') + 1);
  }

  /**
   * The operations by the methods of their frames; batches have none.
   *
   * @param action from the server's point of view: {@code receive} or {@code send}
   */
  Map<String, JsonNode> operations(String action) {
    Map<String, JsonNode> byMethod = new TreeMap<>();
    for (JsonNode operation : document.path("operations")) {
      JsonNode method = payload(operation).at("/properties/method/const");
      if (operation.path("action").asString().equals(action) && !method.isMissingNode()) {
        byMethod.put(method.asString(), operation);
      }
    }
    return byMethod;
  }

  /** The schema of the frames of an operation. */
  JsonNode payload(JsonNode operation) {
    return resolved(resolved(operation.at("/messages/0"))).path("payload");
  }

  /** What a reference stands for; what is none, stands for itself. */
  JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.asString().substring(1));
  }

  /** Refuses a frame that is not as the message of that name is described. */
  public void check(String message, JsonNode frame) {
    List<Error> problems = schema(message).validate(frame);
    if (!problems.isEmpty()) {
      throw new AssertionError(
          problems.stream()
              .map(Error::toString)
              .collect(
                  Collectors.joining(
                      "\n  ", message + " is not as described:\n  ", "\n  in " + shown(frame))));
    }
  }

  private static String shown(JsonNode frame) {
    String text = frame.toString();
    return text.length() <= 2_000 ? text : text.substring(0, 2_000) + "…";
  }

  private Schema schema(String message) {
    return schemas.computeIfAbsent(message, this::compiled);
  }

  private Schema compiled(String message) {
    String place = "/components/messages/" + message + "/payload";
    if (document.at(place).isMissingNode()) {
      throw new AssertionError(message + " is not described");
    }
    return registry.getSchema(SchemaLocation.of(IRI + '#' + place));
  }
}
