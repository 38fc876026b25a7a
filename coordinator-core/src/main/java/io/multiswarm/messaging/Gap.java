package io.multiswarm.messaging;

/**
 * Announces messages that cannot be delivered any more. Never silence.
 *
 * <p>{@link Reason#TRIMMED}: the messages {@code from} to {@code to} of {@code epoch} are gone.
 * {@link Reason#EPOCH}: the channel began a new history; {@code epoch} is the new one, {@code from}
 * is 1 and {@code to} the offset before the first that will be delivered of it, 0 when it is whole.
 * What of the old epoch had not been delivered is lost.
 */
public record Gap(String channel, String epoch, long from, long to, Reason reason)
    implements ChannelEvent {

  /** Why messages are missing. */
  public enum Reason {
    TRIMMED("trimmed"),
    EPOCH("epoch");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    /** As it is written on the wire. */
    public String word() {
      return word;
    }
  }
}
