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
 * @param lane its name
 * @param type label of its type; empty when it has none
 * @param principal label of who submitted it; empty when nobody proved to have
 * @param isDelayed whether it is pending, but not yet
 */
public record TaskHead(
    TaskStatus status,
    @Nullable String swarmId,
    @Nullable String from,
    int bytes,
    String lane,
    String place,
    String type,
    String principal,
    boolean isDelayed) {

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
    String[] fields = line.split(":", 10);
    boolean delayed = fields[0].equals(DELAYED);
    String[] words = fields[9].split(" ", 3);
    String place = words[0];
    String type = words.length > 1 && !words[1].equals(NONE) ? words[1] : "";
    return new TaskHead(
        delayed ? TaskStatus.PENDING : TaskStatus.parse("status", fields[0]),
        orNull(fields[2]),
        orNull(fields[8]),
        Integer.parseInt(fields[7]),
        Lane.nameIn(place),
        place,
        type,
        words.length > 2 ? words[2] : "",
        delayed);
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

  private static @Nullable String orNull(String field) {
    return field.isEmpty() ? null : field;
  }
}
