package io.multiswarm.load.history;

import io.multiswarm.load.history.Operation.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the lines that a {@link History} has written. */
public final class HistoryReader {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private HistoryReader() {}

  /**
   * All lines, in their order.
   *
   * @throws IllegalArgumentException for a line that is none of ours, in words for the person at
   *     the keyboard
   */
  public static List<Operation> read(Path file) throws IOException {
    List<Operation> operations = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      try {
        JsonNode node = JSON.readTree(line);
        if (!node.path("type").asString("").equals("truncated")) {
          operations.add(operation(node));
        }
      } catch (JacksonException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d is no line of a history: %s".formatted(file, number, e.getMessage()), e);
      }
    }
    return operations;
  }

  private static Operation operation(JsonNode line) {
    String method = line.path("f").asString("");
    long process = line.path("process").asLong(-1);
    if (method.isEmpty() || process < 0) {
      throw new IllegalArgumentException("f and process are missing");
    }
    return switch (line.path("type").asString("")) {
      case "op" ->
          new Operation(
              process,
              method,
              line.path("args"),
              new Span(line.path("invoke").asLong(), line.path("complete").asLong()),
              Outcome.of(line.path("outcome").asString("")),
              line.path("result"));
      case "event" ->
          new Operation(
              process,
              method,
              line.path("value"),
              new Span(line.path("at").asLong(), line.path("at").asLong()),
              Outcome.OK,
              line.path("result"));
      default -> throw new IllegalArgumentException("type is neither op nor event");
    };
  }
}
