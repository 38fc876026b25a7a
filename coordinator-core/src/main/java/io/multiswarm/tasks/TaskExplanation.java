package io.multiswarm.tasks;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a task is where it is, as of one moment.
 *
 * @param reason the first of them, in their order, that holds
 * @param detail a sentence for people; names what would change it
 * @param attempts assignments so far
 * @param swarmId the swarm that has it, or whose attempt ended it
 * @param due until it may be assigned, or until its lease is over; null for all others
 * @param ahead tasks that are to be assigned before it, as far as they are counted
 */
public record TaskExplanation(
    String taskId,
    TaskStatus status,
    Reason reason,
    String detail,
    long attempts,
    @Nullable String swarmId,
    @Nullable Duration due,
    long ahead) {

  /** In the order in which they are looked for. */
  public enum Reason {
    /** It is completed, dead or cancelled. */
    ENDED,
    /** A swarm has it. */
    ASSIGNED,
    /** The fleet is paused, or every swarm that is able to take it. */
    PAUSED,
    /** Its time has not come: it was submitted for later, or is being retried. */
    DELAYED,
    /** Nobody distributes tasks, because no swarm is attached or no leader is elected yet. */
    NO_LEADER,
    /** No attached swarm has the capabilities that it requires. */
    NO_ABLE_SWARM,
    /** Those that have them are not ready to take more. */
    NO_CREDIT,
    /** It waits for its turn. */
    BEHIND;

    /** The word on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
