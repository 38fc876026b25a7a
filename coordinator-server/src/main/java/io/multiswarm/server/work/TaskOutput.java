package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of what a command writes: a log, the last of both outputs, and the last line of
 * standard output that is a JSON object.
 */
final class TaskOutput {

  private static final int TAIL = 4 * 1024;
  private static final int BUFFER = 8 * 1024;

  /** As long as a result may be, with the rest of its message. */
  static final int LONGEST_RESULT = 1_000_000;

  private final TaskLog log;
  private final Tail text = new Tail(TAIL);
  private final Tail errors = new Tail(TAIL);
  private final JsonLines lines = new JsonLines(LONGEST_RESULT);
  private final AtomicReference<@Nullable Json> news = new AtomicReference<>();

  TaskOutput(TaskLog log) {
    this.log = log;
  }

  /** Reads standard output to its end; on a thread that may wait. */
  void readOutput(InputStream output) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      log.write(buffer, n);
      text.add(buffer, n);
      lines.add(buffer, n, news::set);
    }
    lines.end(news::set);
  }

  /** Reads standard error to its end; on a thread that may wait. */
  void readErrors(InputStream output) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      log.write(buffer, n);
      errors.add(buffer, n);
    }
  }

  /** The newest line that is a JSON object, once; null when there was none since. */
  @Nullable Json takeProgress() {
    return news.getAndSet(null);
  }

  /** Gives a progress back that could not be told, unless there is a newer one. */
  void putBack(Json progress) {
    news.compareAndSet(null, progress);
  }

  String errors() {
    return errors.text();
  }

  /** The result by what was written: the last JSON object, else the last of the text. */
  Json result() {
    Json last = lines.last();
    return last == null ? Json.of(Map.of("output", text.text())) : last;
  }

  /** A result by what stands in a file: JSON, else a text. */
  static Json result(byte[] file) {
    try {
      return Json.parse(JsonLines.stripped(file));
    } catch (CoordinationException noJson) {
      return Json.of(new String(file, UTF_8));
    }
  }

  /** The last bytes of an output. */
  static final class Tail {

    private final byte[] ring;
    private long written;

    Tail(int size) {
      ring = new byte[size];
    }

    synchronized void add(byte[] bytes, int length) {
      int kept = Math.min(length, ring.length);
      for (int i = length - kept; i < length; i++) {
        ring[(int) ((written + i) % ring.length)] = bytes[i];
      }
      written += length;
    }

    /** How many bytes went by in all. */
    synchronized long written() {
      return written;
    }

    synchronized byte[] bytes() {
      int kept = (int) Math.min(written, ring.length);
      byte[] bytes = new byte[kept];
      for (int i = 0; i < kept; i++) {
        bytes[i] = ring[(int) ((written - kept + i) % ring.length)];
      }
      return bytes;
    }

    /** As text; what is cut in two at its beginning, or is no UTF-8, reads as U+FFFD. */
    String text() {
      return new String(bytes(), UTF_8);
    }
  }
}
