package io.multiswarm.load.history;

import io.multiswarm.load.history.Operation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** A history that was written by hand. */
public final class HandMade {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Operation> operations = new ArrayList<>();

  public List<Operation> operations() {
    return operations;
  }

  /** One that takes no time, after all others. */
  public void add(String method, Object value, Outcome outcome, Object result) {
    long now = operations.size();
    add(0, method, value, new Span(now, now), outcome, result);
  }

  public void add(
      long process, String method, Object value, Span span, Outcome outcome, Object result) {
    operations.add(
        new Operation(
            process, method, JSON.valueToTree(value), span, outcome, JSON.valueToTree(result)));
  }

  /** Those of a verdict that there are any of. */
  public static Map<String, Long> found(Map<String, Long> defects) {
    Map<String, Long> found = new TreeMap<>(defects);
    found.values().removeIf(count -> count == 0);
    return found;
  }
}
