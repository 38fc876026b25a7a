/**
 * Stage 2 of 5: one hot stream a channel. Receives raw pub/sub messages and their positions, gives
 * the channel's newest position, a small window of recent messages, and pages of its history.
 *
 * <p>May forget recent messages at any time, because the history in Redis has them; never hides
 * that there are newer ones. Publishing, the way in the other direction, is here too.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.stream;

import org.jspecify.annotations.NullMarked;
