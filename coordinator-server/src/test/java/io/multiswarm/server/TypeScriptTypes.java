package io.multiswarm.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the AsyncAPI document describes, as declarations of TypeScript. */
final class TypeScriptTypes {

  /** Objects that have a name of their own; the others are written where they occur. */
  private static final Set<String> NAMED =
      Set.of(
          "Assignment",
          "Checkpoint",
          "Message",
          "Metadata",
          "NewMetadata",
          "NewTask",
          "Pool",
          "Position",
          "Recovery",
          "Resolution",
          "Snapshot",
          "Statistics",
          "Swarm",
          "SwarmStatus",
          "Task",
          "TaskStatus");

  private final WireContract contract;

  TypeScriptTypes(WireContract contract) {
    this.contract = contract;
  }

  String declarations() {
    List<String> parts = new ArrayList<>();
    for (String name : new TreeSet<>(NAMED)) {
      JsonNode schema = contract.document().at("/components/schemas/" + name);
      parts.add("export type " + name + " = " + type(schema, "") + ";\n");
    }
    parts.add("export type ErrorName = " + errorNames() + ";\n");
    parts.add("export interface Calls {\n" + calls() + "}\n");
    parts.add("export interface Notifications {\n" + notifications() + "}\n");
    return String.join("\n", parts);
  }

  private String errorNames() {
    return contract
        .document()
        .at("/components/schemas/Error/oneOf")
        .valueStream()
        .map(one -> '"' + one.path("title").asString() + '"')
        .collect(Collectors.joining(" | "));
  }

  private String calls() {
    StringBuilder text = new StringBuilder();
    contract
        .operations("receive")
        .forEach(
            (method, operation) -> {
              JsonNode params = contract.payload(operation).at("/properties/params");
              JsonNode answer = contract.resultOf(operation).at("/properties/result");
              text.append("  \"" + method + "\": { params: ")
                  .append(params.isMissingNode() ? "{}" : type(params, "  "))
                  .append("; result: ")
                  .append(type(answer, "  "))
                  .append(" };\n");
            });
    return text.toString();
  }

  private String notifications() {
    StringBuilder text = new StringBuilder();
    contract
        .operations("send")
        .forEach(
            (method, operation) ->
                text.append("  \"" + method + "\": ")
                    .append(type(contract.payload(operation).at("/properties/params"), "  "))
                    .append(";\n"));
    return text.toString();
  }

  private String type(JsonNode schema, String indent) {
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      boolean isNamed = reference.equals("#/components/schemas/" + name) && NAMED.contains(name);
      return isNamed ? name : type(contract.resolved(schema), indent);
    }
    if (schema.path("allOf").size() == 1) {
      return type(schema.at("/allOf/0"), indent);
    }
    if (schema.has("const")) {
      return schema.path("const").toString();
    }
    if (schema.has("enum")) {
      return schema.path("enum").valueStream().map(JsonNode::toString).collect(joining());
    }
    if (schema.has("oneOf") && !schema.has("type")) {
      return schema.path("oneOf").valueStream().map(one -> type(one, indent)).collect(joining());
    }
    return simple(schema, indent);
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joining() {
    return Collectors.joining(" | ");
  }

  private String simple(JsonNode schema, String indent) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.valueStream()
          .map(JsonNode::asString)
          .map(TypeScriptTypes::word)
          .collect(joining());
    }
    return switch (type.asString("")) {
      case "array" ->
          schema.has("items") ? "Array<" + type(schema.path("items"), indent) + ">" : "unknown[]";
      case "object" -> object(schema, indent);
      default -> word(type.asString(""));
    };
  }

  private static String word(String type) {
    return switch (type) {
      case "integer", "number" -> "number";
      case "string", "boolean", "null" -> type;
      case "object" -> "Record<string, unknown>";
      default -> "unknown";
    };
  }

  private String object(JsonNode schema, String indent) {
    JsonNode others = schema.path("additionalProperties");
    Map<String, String> members = new TreeMap<>();
    Set<String> required =
        schema.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
    schema
        .path("properties")
        .forEachEntry(
            (name, member) ->
                members.put(
                    name + (required.contains(name) ? "" : "?"), type(member, indent + "  ")));
    if (members.isEmpty()) {
      String value = others.isObject() ? type(others, indent) : "unknown";
      return schema.has("properties") ? "{}" : "Record<string, " + value + ">";
    }
    return members.entrySet().stream()
        .map(member -> indent + "  " + member.getKey() + ": " + member.getValue() + ";\n")
        .collect(Collectors.joining("", "{\n", indent + "}"));
  }
}
