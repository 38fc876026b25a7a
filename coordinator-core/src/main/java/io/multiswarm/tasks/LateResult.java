package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
