package io.multiswarm.load.slowlog;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Values of a size: one long text, and one of very many parts. */
record Large(int bytes) {

  private static final int BYTES_A_PART = 50;

  /** Each second one is the other kind. */
  Map<String, Object> value(int number) {
    return number % 2 == 0 ? Map.of("text", "x".repeat(bytes)) : Map.of("parts", parts());
  }

  private List<Map<String, Object>> parts() {
    return IntStream.range(0, bytes / BYTES_A_PART)
        .mapToObj(i -> Map.<String, Object>of("name", "part-%06d".formatted(i), "of", List.of(i)))
        .toList();
  }
}
