/**
 * {@link io.multiswarm.conflict.Conflicts} over Redis: opens a conflict, asks for votes, waits for
 * the one decision. The leader decides what is overdue.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.conflict;

import org.jspecify.annotations.NullMarked;
