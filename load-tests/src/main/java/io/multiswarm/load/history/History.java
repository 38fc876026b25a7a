package io.multiswarm.load.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Every operation of the harness's clients and all that they were told, as lines of JSON that other
 * checkers can read:
 *
 * <pre>
 * {"type":"op","process":3,"f":"task.complete","args":{…},"invoke":17,"complete":42,"outcome":"ok","result":{…}}
 * {"type":"event","process":3,"f":"task.assigned","at":12,"value":{…}}
 * </pre>
 *
 * <p>A process is a connection. Times are nanoseconds of one clock. An outcome is {@code ok},
 * {@code failed} (refused, with the error's name in {@code result}) or {@code unknown} (the
 * connection ended first, or the server itself could not say). Bounded: of longer histories the end
 * is missing, and the last line says how much.
 *
 * <p><b>Threading.</b> Safe.
 */
public final class History {

  /** Keeps nothing. */
  public static final History NONE = new History(0);

  private static final int MOST_LINES = 1_000_000;
  private static final long MOST_CHARACTERS = 256L << 20;
  private static final int LONGEST = 1_024;

  private final int limit;
  private final AtomicInteger processes = new AtomicInteger();
  private final List<String> lines = new ArrayList<>();
  private long characters;
  private long leftOut;

  private History(int limit) {
    this.limit = limit;
  }

  public static History recording() {
    return new History(MOST_LINES);
  }

  public boolean isKept() {
    return limit > 0;
  }

  /** The number of a new connection. */
  public int newProcess() {
    return processes.incrementAndGet();
  }

  /**
   * An operation that has ended.
   *
   * @param result as JSON; empty for none
   */
  public void operation(
      int process, Invocation invocation, long completed, Outcome outcome, String result) {
    if (isKept()) {
      keep(
          "{\"type\":\"op\",\"process\":%d,\"f\":\"%s\",\"args\":%s,\"invoke\":%d,\"complete\":%d,\"outcome\":\"%s\",\"result\":%s}"
              .formatted(
                  process,
                  invocation.method(),
                  bounded(invocation.args()),
                  invocation.nanos(),
                  completed,
                  outcome.word(),
                  bounded(result)));
    }
  }

  /** What a connection was told without asking. */
  public void event(int process, String method, long at, String value) {
    if (isKept()) {
      keep(
          "{\"type\":\"event\",\"process\":%d,\"f\":\"%s\",\"at\":%d,\"value\":%s}"
              .formatted(process, method, at, bounded(value)));
    }
  }

  /** A call that has begun. */
  public record Invocation(String method, String args, long nanos) {}

  /** What is too long is told by its beginning, as a string. */
  private static String bounded(String json) {
    if (json.isEmpty()) {
      return "null";
    }
    return json.length() <= LONGEST ? json : quoted(json.substring(0, LONGEST) + "…");
  }

  /** A text as JSON. */
  public static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  private synchronized void keep(String line) {
    if (lines.size() >= limit || characters >= MOST_CHARACTERS) {
      leftOut++;
      return;
    }
    lines.add(line);
    characters += line.length();
  }

  /** Writes what was kept. Not for an event loop. */
  public synchronized void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (String line : lines) {
        out.write(line);
        out.newLine();
      }
      if (leftOut > 0) {
        out.write("{\"type\":\"truncated\",\"lines\":" + leftOut + "}");
        out.newLine();
      }
    }
  }
}
