package io.multiswarm.internal.tasks.store;

import io.multiswarm.internal.redis.Labels;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a task's record, which {@code lib/task.lua} describes: all that tasks are
 * searched by, without their history and what was submitted.
 *
 * @param bytes of what was submitted and of its details
 * @param submittedMicros when it was submitted, which no two tasks share: its score in the index
 * @param type label of its type; empty when it has none
 * @param principal label of who submitted it; empty when nobody proved to have
 * @param isDelayed whether it is pending, but not yet
 */
public record TaskHead(
    TaskStatus status,
    @Nullable String swarmId,
    @Nullable String from,
    int bytes,
    String place,
    long submittedMicros,
    String type,
    String principal,
    boolean isDelayed) {

  private static final int FIELDS = 10;
  private static final String DELAYED = "delayed";

  /** Stands for no type in front of a principal; no label has it. */
  private static final String NONE = "~";

  public static TaskHead parse(byte[] record) {
    int end = 0;
    while (end < record.length && record[end] != '\n') {
      end++;
    }
    return parse(new String(record, 0, end, StandardCharsets.UTF_8));
  }

  static TaskHead parse(String line) {
    int[] colons = new int[FIELDS - 1];
    for (int i = 0, at = -1; i < colons.length; i++) {
      at = line.indexOf(':', at + 1);
      if (at < 0) {
        throw new IllegalArgumentException("has fewer than " + FIELDS + " fields");
      }
      colons[i] = at;
    }
    String status = line.substring(0, colons[0]);
    int first = colons[FIELDS - 2] + 1;
    int second = afterWord(line, first);
    int third = afterWord(line, second);
    String place = word(line, first, second);
    String type = word(line, second, third);
    boolean delayed = status.equals(DELAYED);
    return new TaskHead(
        delayed ? TaskStatus.PENDING : TaskStatus.parse("status", status),
        field(line, colons, 2),
        field(line, colons, 8),
        Integer.parseInt(line, colons[6] + 1, colons[7], 10),
        place,
        Lane.microsIn(place),
        type.equals(NONE) ? "" : type,
        line.substring(third),
        delayed);
  }

  /** Where the next word begins, or the line ends. */
  private static int afterWord(String line, int from) {
    int space = line.indexOf(' ', from);
    return space < 0 ? line.length() : space + 1;
  }

  /** From there to the space before the next, if there is one. */
  private static String word(String line, int from, int next) {
    boolean isLast = next == line.length() && (from == next || line.charAt(next - 1) != ' ');
    return line.substring(from, isLast ? next : next - 1);
  }

  /** The n-th from 0, if it is not empty. */
  private static @Nullable String field(String line, int[] colons, int n) {
    int from = colons[n - 1] + 1;
    return from == colons[n] ? null : line.substring(from, colons[n]);
  }

  /** Its lane's name. */
  public String lane() {
    return Lane.nameIn(place);
  }

  public String taskId() {
    return Lane.taskIn(place);
  }

  /** What a task's first line ends with: nothing, or the labels with a space before each. */
  public static String labels(@Nullable String type, @Nullable String principal) {
    if (type == null && principal == null) {
      return "";
    }
    String first = ' ' + (type == null ? NONE : Labels.of(type));
    return principal == null ? first : first + ' ' + Labels.of(principal);
  }
}
