/**
 * Stage 3 of 5: a cursor and a demand for every subscriber. Receives positions, recent messages and
 * pages from a stream, gives each subscriber its events in order as it asks for them. Nothing is
 * queued for a subscriber that does not ask; nothing is dropped but live and foreign messages,
 * which have no history.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.distribution;

import org.jspecify.annotations.NullMarked;
