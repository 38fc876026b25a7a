package io.multiswarm.server;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parameters that would do but for one.
 *
 * @param name of that one, with those of the objects around it: {@code task.maxAttempts}
 */
record SpoiltParams(String name, ObjectNode params) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** All that a schema has reason to refuse, one after the other. */
  static List<SpoiltParams> of(WireContract contract, JsonNode schema) {
    return new Spoiler(contract).object(schema);
  }

  private record Spoiler(WireContract contract) {

    List<SpoiltParams> object(JsonNode schema) {
      List<SpoiltParams> all = new ArrayList<>();
      for (String name : schema.path("properties").propertyNames()) {
        ObjectNode sound = sound(schema, name);
        JsonNode member = target(schema.path("properties").path(name));
        if (contains(schema.path("required"), name)) {
          all.add(new SpoiltParams(name, sound.deepCopy().without(name)));
        }
        for (JsonNode wrong : wrong(member)) {
          all.add(new SpoiltParams(name, with(sound, name, wrong)));
        }
        if (member.has("properties")) {
          for (SpoiltParams inner : object(member)) {
            all.add(new SpoiltParams(name + '.' + inner.name(), with(sound, name, inner.params())));
          }
        }
      }
      return all;
    }

    private static ObjectNode with(ObjectNode sound, String name, JsonNode value) {
      ObjectNode changed = sound.deepCopy();
      changed.set(name, value);
      return changed;
    }

    /** What must be there, by the alternative that has the member, if there are several. */
    private ObjectNode sound(JsonNode schema, String member) {
      ObjectNode sound = JSON.objectNode();
      addRequired(sound, schema, schema);
      JsonNode alternatives = schema.has("anyOf") ? schema.path("anyOf") : schema.path("oneOf");
      JsonNode chosen = alternatives.path(0);
      for (JsonNode one : alternatives) {
        if (contains(one.path("required"), member)) {
          chosen = one;
        }
      }
      addRequired(sound, chosen, schema);
      return sound;
    }

    private static boolean contains(JsonNode names, String name) {
      return names.valueStream().anyMatch(one -> one.asString().equals(name));
    }

    private void addRequired(ObjectNode sound, JsonNode from, JsonNode schema) {
      for (JsonNode name : from.path("required")) {
        sound.set(name.asString(), sample(schema.path("properties").path(name.asString())));
      }
    }

    /** A schema without references, and of several the first. */
    private JsonNode target(JsonNode schema) {
      JsonNode found = contract.resolved(schema);
      for (String word : List.of("allOf", "oneOf", "anyOf")) {
        if (found.has(word) && !found.has("type")) {
          return target(found.path(word).path(0));
        }
      }
      return found;
    }

    private JsonNode sample(JsonNode schema) {
      JsonNode target = target(schema);
      if (target.has("const")) {
        return target.path("const");
      }
      if (target.has("enum")) {
        return target.at("/enum/0");
      }
      if (target.has("examples")) {
        return target.at("/examples/0");
      }
      return switch (target.path("type").asString("")) {
        case "integer" -> JSON.numberNode(Math.max(1, target.path("minimum").asLong(1)));
        case "boolean" -> JSON.booleanNode(true);
        case "array" -> JSON.arrayNode();
        case "object" -> sound(target, "");
        default -> JSON.stringNode("a");
      };
    }

    private static List<JsonNode> wrong(JsonNode schema) {
      List<JsonNode> wrong = new ArrayList<>();
      if (schema.has("const")) {
        wrong.add(JSON.numberNode(99));
      } else if (schema.has("enum")) {
        wrong.add(JSON.stringNode("nonsense"));
      }
      switch (schema.path("type").asString("")) {
        case "integer" -> {
          wrong.add(JSON.stringNode("1"));
          wrong.add(JSON.numberNode(1.5));
          if (schema.has("minimum")) {
            wrong.add(JSON.numberNode(schema.path("minimum").asLong() - 1));
          }
          if (schema.has("maximum")) {
            wrong.add(JSON.numberNode(schema.path("maximum").asLong() + 1));
          }
        }
        case "string" -> {
          wrong.add(JSON.numberNode(1));
          if (schema.path("minLength").asInt(0) > 0) {
            wrong.add(JSON.stringNode(""));
          }
          if (schema.has("maxLength")) {
            wrong.add(JSON.stringNode("a".repeat(schema.path("maxLength").asInt() + 1)));
          }
          if (schema.has("pattern")) {
            wrong.add(JSON.stringNode(" "));
          }
        }
        case "boolean" -> wrong.add(JSON.stringNode("true"));
        case "array", "object" -> wrong.add(JSON.numberNode(1));
        default -> {
          // Any value will do.
        }
      }
      return wrong;
    }
  }
}
