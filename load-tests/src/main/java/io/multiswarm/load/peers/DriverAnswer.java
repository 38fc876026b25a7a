package io.multiswarm.load.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a driver says in its last line: {@code {"add":34000.0,"process":18400.0}}.
 *
 * @param numbers by their names
 */
record DriverAnswer(Map<String, Double> numbers) {

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @throws IllegalStateException when there is no such line, with what there was
   */
  static DriverAnswer in(List<String> lines) {
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    Map<String, Double> numbers = new HashMap<>();
    try {
      JSON.readTree(last)
          .properties()
          .forEach(number -> numbers.put(number.getKey(), number.getValue().doubleValue()));
    } catch (JacksonException e) {
      throw noNumbers(last, e);
    }
    if (numbers.isEmpty()) {
      throw noNumbers(last, null);
    }
    return new DriverAnswer(numbers);
  }

  private static IllegalStateException noNumbers(String line, @Nullable Throwable cause) {
    return new IllegalStateException(
        "A driver tells numbers at its end, not '%s'".formatted(line), cause);
  }

  double number(String name) {
    Double value = numbers.get(name);
    if (value == null) {
      throw new IllegalStateException("A driver told %s, and no %s".formatted(numbers, name));
    }
    return value;
  }
}
