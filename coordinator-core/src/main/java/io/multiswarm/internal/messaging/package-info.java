/**
 * How messages are said: envelopes, requests and replies, counters. Implements {@code
 * io.multiswarm.messaging} over {@code internal.stream}.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.messaging;

import org.jspecify.annotations.NullMarked;
