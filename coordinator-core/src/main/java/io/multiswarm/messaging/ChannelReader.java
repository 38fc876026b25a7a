package io.multiswarm.messaging;

import org.jspecify.annotations.Nullable;

/**
 * One subscriber's way through a channel, by pulling: asking for an event is the demand. A reader
 * that is not asked costs its cursor and nothing else.
 *
 * <p><b>Order.</b> Each message once, in the order of offsets, or a {@link Gap} in its place.
 *
 * <p><b>Waking.</b> After {@link #poll} returned null, the callback that was given on subscribing
 * runs once something may be there; it does not run while nobody found the reader empty. It runs on
 * any thread, must not block, and should schedule a poll and not poll itself.
 *
 * <p><b>Threading.</b> {@code poll} and {@code lull} are for one thread at a time; {@code cancel}
 * for any.
 */
public interface ChannelReader {

  /** The next event; null when none is ready yet. */
  @Nullable ChannelEvent poll();

  /**
   * The subscriber wants nothing for now. What is in the history waits; live and foreign messages,
   * which are in none, are dropped until the next {@link #poll}.
   */
  void lull();

  /** Ends the subscription; {@code poll} returns null from now on. */
  void cancel();
}
