package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task in the hands of a swarm, until it is completed, failed or released, or its lease runs out.
 *
 * @param attempt grows with each assignment of the task and never repeats; every report carries it
 * @param lease how long it lasts from the assignment or the last extension
 * @param assignedBy the leading swarm
 * @param epoch of that leadership
 * @param strategy that chose the swarm
 * @param task what was submitted, with id and defaults: a JSON object
 * @param previous what became of the attempts before, newest first, three at most
 */
public record Assignment(
    String swarmId,
    String taskId,
    long attempt,
    Duration lease,
    String assignedBy,
    long epoch,
    String strategy,
    Json task,
    List<PreviousAttempt> previous) {

  private static final int FIRST = 1;

  public Assignment {
    previous = List.copyOf(previous);
  }

  /** What was submitted, read anew by each call. */
  public NewTask submitted() {
    return TaskSpec.read(task);
  }

  /** The parameters of the notification {@code task.assigned}. */
  public Json toJson() {
    return Json.trusted(
        "{\"swarmId\":\""
            + swarmId
            + "\",\"task\":"
            + task
            + ",\"attempt\":"
            + attempt
            + ",\"leaseMs\":"
            + lease.toMillis()
            + ",\"assignedBy\":\""
            + assignedBy
            + "\",\"epoch\":"
            + epoch
            + ",\"strategy\":\""
            + strategy
            + (attempt == FIRST ? "\"}" : "\"," + previousMember() + '}'));
  }

  private String previousMember() {
    return previous.stream()
        .map(one -> one.toJson().toString())
        .collect(Collectors.joining(",", "\"previous\":[", "]"));
  }

  /**
   * What became of an attempt before the present one.
   *
   * @param progress as its worker last told, unless that was long
   */
  public record PreviousAttempt(
      long attempt, String swarmId, Reason reason, @Nullable Json progress) {

    /** How an attempt ends that does not complete its task. */
    public enum Reason {
      /** Its worker reported a failure. */
      FAILED,
      /** Its worker did not renew the lease. */
      LEASE_EXPIRED,
      /**
       * The swarm was interrupted: its session, or its node, did not come back in time, or left.
       */
      SWARM_LOST,
      /** Its worker gave it back. */
      RELEASED,
      /** The swarm was deregistered. */
      DEREGISTERED;

      /** The word on the wire. */
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }

      static Reason parse(String word) {
        for (Reason reason : values()) {
          if (reason.word().equals(word)) {
            return reason;
          }
        }
        throw CoordinationException.invalid("reason", "\"%s\" is none of an attempt's", word);
      }
    }

    /** Reads an array of them, as {@link #toJson} gives each. */
    public static List<PreviousAttempt> readAll(Json array) {
      return array.elements().stream().map(PreviousAttempt::read).toList();
    }

    private static PreviousAttempt read(Json json) {
      Map<String, Json> members = json.members();
      return new PreviousAttempt(
          member(members, "attempt").as(Long.class),
          member(members, "swarmId").text(),
          Reason.parse(member(members, "reason").text()),
          members.get("progress"));
    }

    private static Json member(Map<String, Json> members, String name) {
      Json value = members.get(name);
      if (value == null) {
        throw CoordinationException.invalid(name, "is missing");
      }
      return value;
    }

    /** As it is told on the wire. */
    public Json toJson() {
      return Json.trusted(
          "{\"attempt\":"
              + attempt
              + ",\"swarmId\":\""
              + swarmId
              + "\",\"reason\":\""
              + reason.word()
              + (progress == null ? "\"}" : "\",\"progress\":" + progress + '}'));
    }
  }
}
