package io.multiswarm.server.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the conformance suite wants a server to have: tools, prompts and resources of fixed names,
 * as {@code fixtures.json} says them for both eras. A fixture that {@code asks} asks the client,
 * round after round, before it answers.
 */
final class Fixtures {

  static final McpJsonMapper MAPPER = McpJsonDefaults.getMapper();
  static final JsonSchemaValidator NO_VALIDATION =
      (schema, content) -> JsonSchemaValidator.ValidationResponse.asValid(null);

  private final JsonNode all;
  private final String era;

  /**
   * @param era whose fixtures they are, beside those of both
   */
  Fixtures(String era) {
    this.era = era;
    try (InputStream in = Fixtures.class.getResourceAsStream("fixtures.json")) {
      all = JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonNode> tools() {
    return of("tools");
  }

  List<JsonNode> prompts() {
    return of("prompts");
  }

  List<JsonNode> resources() {
    return of("resources");
  }

  List<JsonNode> templates() {
    return of("templates");
  }

  private List<JsonNode> of(String kind) {
    return all.path(kind)
        .valueStream()
        .filter(fixture -> fixture.path("era").asString(era).equals(era))
        .toList();
  }

  /** What a list tells of a fixture. */
  static <T> T listed(JsonNode fixture, Class<T> shape) {
    Map<String, Object> told = map(fixture);
    told.keySet()
        .retainAll(
            List.of(
                "name",
                "description",
                "inputSchema",
                "arguments",
                "uri",
                "uriTemplate",
                "mimeType"));
    return MAPPER.convertValue(told, shape);
  }

  /** What a fixture answers, with arguments in the places of their names. */
  static <T> T result(JsonNode fixture, Map<String, ?> arguments, Class<T> shape) {
    return MAPPER.convertValue(filled(map(fixture.path("result")), arguments), shape);
  }

  /** The contents of a resource. */
  static <T> T contents(JsonNode fixture, String uri, Map<String, ?> arguments, Class<T> shape) {
    Map<String, Object> contents = map(fixture.path("contents"));
    contents.put("uri", uri);
    contents.put("mimeType", fixture.path("mimeType").asString());
    return MAPPER.convertValue(filled(Map.of("contents", List.of(contents)), arguments), shape);
  }

  /** What stands for {@code {id}} in the address. */
  static Map<String, String> variables(JsonNode template, String uri) {
    String[] around = template.path("uriTemplate").asString().split("\\{id}");
    return Map.of("id", uri.substring(around[0].length(), uri.length() - around[1].length()));
  }

  static Map<String, Object> map(JsonNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    Map<?, ?> read = JsonMapper.shared().convertValue(node, Map.class);
    read.forEach((name, value) -> map.put(String.valueOf(name), value));
    return map;
  }

  private static Object filled(Object value, Map<String, ?> arguments) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> filled = new LinkedHashMap<>();
      map.forEach((name, member) -> filled.put(name, filled(member, arguments)));
      return filled;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(member -> filled(member, arguments)).toList();
    }
    if (!(value instanceof String text)) {
      return Objects.requireNonNull(value);
    }
    String filled = text;
    for (Map.Entry<String, ?> argument : arguments.entrySet()) {
      filled = filled.replace('{' + argument.getKey() + '}', String.valueOf(argument.getValue()));
    }
    return filled;
  }
}
