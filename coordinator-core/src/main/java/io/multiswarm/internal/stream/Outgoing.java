package io.multiswarm.internal.stream;

import io.multiswarm.common.Ownership;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a channel.
 *
 * @param sender whose proof the script checks; null for none
 * @param target swarm that must exist; null for none
 * @param id of the message
 * @param origin of the id, which says how a repetition is found
 * @param body the envelope as it will be stored: a JSON object with at least one member, without
 *     its opening brace
 */
public record Outgoing(
    String channel,
    @Nullable Ownership sender,
    @Nullable String target,
    String id,
    Origin origin,
    byte[] body)
    implements Leaving {

  /** Where a message's id comes from. */
  public enum Origin {
    /** Of ours, for this very call: nobody can have sent it before. */
    NEW(""),
    /** The sender gave it: the channel keeps it beside its history, to store it once. */
    GIVEN("g"),
    /** Of ours, and sent before: the history is searched for it. */
    REPEATED("r");

    private final String mark;

    Origin(String mark) {
      this.mark = mark;
    }
  }

  @Override
  public int bytes() {
    return body.length;
  }

  /**
   * What the publish script takes for the id; empty for a new one.
   *
   * @param again whether this may be stored already because it was sent before
   */
  String markedId(boolean again) {
    Origin marked = again && origin == Origin.NEW ? Origin.REPEATED : origin;
    return marked == Origin.NEW ? "" : marked.mark + id;
  }
}
