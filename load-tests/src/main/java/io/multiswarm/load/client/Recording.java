package io.multiswarm.load.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.load.history.History;
import io.multiswarm.load.history.History.Invocation;
import io.multiswarm.load.history.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operations of one connection on their way into a history. */
final class Recording {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Answers after which the call may have been carried out all the same. */
  private static final Set<String> UNDECIDED =
      Set.of("UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL");

  private final History history;
  private final int process;
  private final Map<Long, Invocation> underWay = new ConcurrentHashMap<>();

  Recording(History history) {
    this.history = history;
    this.process = history.newProcess();
  }

  boolean isKept() {
    return history.isKept();
  }

  void began(long id, String method, String args, long nanos) {
    underWay.put(id, new Invocation(method, args, nanos));
  }

  void answered(FrameScan scan, long nanos) {
    if (isKept()) {
      end(scan.id(), nanos, Outcome.OK, member(scan, "result"));
    }
  }

  void refused(long id, Fault fault, long nanos) {
    if (isKept()) {
      Outcome outcome = UNDECIDED.contains(fault.name()) ? Outcome.UNKNOWN : Outcome.FAILED;
      end(id, nanos, outcome, History.quoted(fault.name()));
    }
  }

  void told(String method, FrameScan scan, long nanos) {
    if (isKept()) {
      history.event(process, method, nanos, member(scan, "params"));
    }
  }

  /** The connection is over: what has no answer gets none. */
  void ended(long nanos) {
    underWay.keySet().forEach(id -> end(id, nanos, Outcome.UNKNOWN, ""));
  }

  private void end(long id, long nanos, Outcome outcome, String result) {
    Invocation invocation = underWay.remove(id);
    if (invocation != null) {
      history.operation(process, invocation, nanos, outcome, result);
    }
  }

  private static String member(FrameScan scan, String name) {
    String frame = new String(scan.bytes(), 0, scan.length(), UTF_8);
    try {
      JsonNode found = JSON.readTree(frame).path(name);
      return found.isMissingNode() ? "" : found.toString();
    } catch (JacksonException e) {
      return History.quoted(frame);
    }
  }
}
