package io.multiswarm.load.history;

import tools.jackson.databind.JsonNode;

/**
 * A line of a history: an operation, or an event, whose two times are the same.
 *
 * @param process the connection
 * @param method that was called, or by which it was told
 * @param value the arguments, or what was told
 * @param result of an operation that ended well; of one that was refused, the error's name
 */
public record Operation(
    long process, String method, JsonNode value, Span span, Outcome outcome, JsonNode result) {

  /** From the invocation to the completion, in nanoseconds. */
  public record Span(long invoked, long completed) {
    public Span {
      if (completed < invoked) {
        throw new IllegalArgumentException(
            "completed at %d, before %d".formatted(completed, invoked));
      }
    }
  }

  public boolean is(String name, Outcome wanted) {
    return method.equals(name) && outcome == wanted;
  }
}
