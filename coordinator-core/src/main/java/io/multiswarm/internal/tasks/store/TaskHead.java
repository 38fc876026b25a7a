package io.multiswarm.internal.tasks.store;

import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
  private static final int LONGEST_LABEL = 48;
  private static final char HASHED = '#';

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
    String first = ' ' + (type == null ? NONE : label(type));
    return principal == null ? first : first + ' ' + label(principal);
  }

  /**
   * A text as a word of bounded length without white space: short ones as they are, URL-encoded,
   * all others by their hash.
   */
  public static String label(String type) {
    String encoded = URLEncoder.encode(type, StandardCharsets.UTF_8);
    return encoded.isEmpty() || encoded.length() > LONGEST_LABEL ? HASHED + hash(type) : encoded;
  }

  private static String hash(String type) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(type.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable String orNull(String field) {
    return field.isEmpty() ? null : field;
  }
}
