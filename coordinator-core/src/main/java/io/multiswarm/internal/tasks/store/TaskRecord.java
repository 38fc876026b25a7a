package io.multiswarm.internal.tasks.store;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task's record as {@code lib/task.lua} describes it: the fields of its first line, then the
 * notes of its history.
 *
 * @param bytes of what was submitted and of its details, as {@code lib/task.lua} counts them
 */
public record TaskRecord(
    TaskStatus status,
    long attempt,
    @Nullable String swarmId,
    int failures,
    Duration lease,
    int bytes,
    String place,
    boolean isDelayed,
    List<Note> notes) {

  private static final String NONE = "-";

  /**
   * One change.
   *
   * @param status its word; {@code failed} beside those of {@link TaskStatus}
   * @param more {@code leader:epoch:strategy} of an assignment, the reason of another change in
   *     JSON, or empty
   */
  public record Note(
      String status, Instant at, long attempt, @Nullable String swarmId, String more) {

    private static Note parse(String line) {
      String[] words = line.split(" ", 4);
      return new Note(
          word(line.charAt(0)),
          Instant.ofEpochMilli(Long.parseLong(words[0], 1, words[0].length(), 10)),
          Long.parseLong(words[1]),
          words[2].equals(NONE) ? null : words[2],
          words[3]);
    }

    private static String word(char letter) {
      return letter == 'F' ? "failed" : TaskStatus.of(letter).word();
    }

    boolean isAssignment() {
      return status.equals(TaskStatus.ASSIGNED.word());
    }

    /** As users see it. */
    public Json toJson() {
      StringBuilder json = new StringBuilder(96);
      json.append("{\"at\":").append(at.toEpochMilli());
      json.append(",\"status\":\"").append(status).append('"');
      if (attempt > 0) {
        json.append(",\"attempt\":").append(attempt);
      }
      if (swarmId != null) {
        json.append(",\"swarmId\":\"").append(swarmId).append('"');
      }
      if (!isAssignment() && !more.isEmpty()) {
        json.append(",\"reason\":").append(more);
      }
      return Json.trusted(json.append('}').toString());
    }
  }

  /** {@code FAILED_PRECONDITION} when it is none. */
  public static TaskRecord parse(String taskId, String record) {
    try {
      return parse(record);
    } catch (RuntimeException e) {
      throw TaskRefusals.unreadable(taskId, e);
    }
  }

  private static TaskRecord parse(String record) {
    String[] lines = record.split("\n");
    String[] fields = lines[0].split(":", 10);
    TaskHead head = TaskHead.parse(lines[0]);
    return new TaskRecord(
        head.status(),
        Long.parseLong(fields[1]),
        head.swarmId(),
        Integer.parseInt(fields[4]),
        Duration.ofMillis(Long.parseLong(fields[6])),
        head.bytes(),
        head.place(),
        head.isDelayed(),
        Arrays.stream(lines, 1, lines.length).map(Note::parse).toList());
  }

  /**
   * Assignments so far. A task that ended with what an earlier attempt gave has that one's number
   * in front, and the last one's in its history.
   */
  public long attempts() {
    return Math.max(attempt, notes.stream().mapToLong(Note::attempt).max().orElse(0));
  }

  public boolean isAssignedTo(String swarm) {
    return status == TaskStatus.ASSIGNED && swarm.equals(swarmId);
  }

  public Instant submittedAt() {
    int end = place.lastIndexOf('|');
    long micros = Long.parseLong(place, place.lastIndexOf('|', end - 1) + 1, end, 10);
    return Instant.ofEpochMilli(micros / 1000);
  }

  /** The last note; each change writes one, and the last is never dropped. */
  public Note last() {
    return notes.get(notes.size() - 1);
  }
}
