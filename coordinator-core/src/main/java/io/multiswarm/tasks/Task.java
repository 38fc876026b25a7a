package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task as it was at one moment.
 *
 * @param spec what was submitted, with id and defaults: a JSON object
 * @param attempts assignments so far; the number of the current or last one
 * @param swarmId the swarm that has it, or whose attempt ended it
 * @param result of a completed task
 * @param error of the last failed attempt
 * @param progress as the worker last told
 * @param history JSON objects {@code {at, status, attempt?, swarmId?, reason?}}, oldest first; the
 *     oldest are dropped when there are many
 * @param lateResults what came too late, newest first, five at most
 */
public record Task(
    String id,
    Json spec,
    TaskStatus status,
    long attempts,
    int failures,
    @Nullable String swarmId,
    @Nullable Json result,
    @Nullable Json error,
    @Nullable Json progress,
    Instant submittedAt,
    Instant updatedAt,
    List<Json> history,
    List<LateResult> lateResults) {

  /** What was submitted, read anew by each call. */
  public NewTask submitted() {
    return TaskSpec.read(spec);
  }

  /** The swarm in whose name it was submitted; null for none. */
  public @Nullable String from() {
    return text("from");
  }

  /** Who submitted it, see {@link NewTask#principal}; null when that was not proven. */
  public @Nullable String principal() {
    return text("principal");
  }

  private @Nullable String text(String member) {
    Json value = spec.members().get(member);
    return value == null ? null : value.text();
  }

  /** As a watcher is told of it. */
  public TaskUpdate toUpdate() {
    return new TaskUpdate(id, status, attempts, swarmId, from());
  }

  /** The task object of the wire protocol: the submitted members and ours. */
  public Json toJson() {
    return Json.trusted(brief().append('}').toString());
  }

  /** As {@link #toJson}, with {@code lateResults}, which may be long. */
  public Json toFullJson() {
    String late =
        lateResults.stream()
            .map(one -> one.toJson().toString())
            .collect(Collectors.joining(",", ",\"lateResults\":[", "]}"));
    return Json.trusted(brief().append(late).toString());
  }

  private StringBuilder brief() {
    String given = new String(spec.bytes(), StandardCharsets.UTF_8);
    StringBuilder json = new StringBuilder(given.length() + 256);
    json.append(given, 0, given.lastIndexOf('}'));
    json.append(",\"status\":\"").append(status.word());
    json.append("\",\"attempts\":").append(attempts);
    json.append(",\"failures\":").append(failures);
    if (swarmId != null) {
      json.append(",\"swarmId\":\"").append(swarmId).append('"');
    }
    member(json, "result", result);
    member(json, "error", error);
    member(json, "progress", progress);
    json.append(",\"submittedAt\":").append(submittedAt.toEpochMilli());
    json.append(",\"updatedAt\":").append(updatedAt.toEpochMilli());
    return json.append(",\"history\":")
        .append(history.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
  }

  private static void member(StringBuilder json, String name, @Nullable Json value) {
    if (value != null) {
      json.append(",\"").append(name).append("\":").append(value);
    }
  }

  /**
   * What a completion gave that came when its attempt was over. The swarm was answered {@code
   * FENCED}; {@link TaskQueue#adopt} makes it the task's result.
   *
   * @param at when it came
   * @param result null when it was too long to be kept
   */
  public record LateResult(long attempt, String swarmId, Instant at, @Nullable Json result) {

    /** As it is told on the wire. */
    public Json toJson() {
      return Json.trusted(
          "{\"attempt\":"
              + attempt
              + ",\"swarmId\":\""
              + swarmId
              + "\",\"at\":"
              + at.toEpochMilli()
              + (result == null ? ",\"truncated\":true}" : ",\"result\":" + result + '}'));
    }
  }
}
