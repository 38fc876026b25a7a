/**
 * {@link io.multiswarm.resources.Resources} over Redis: pools, holdings, and the queue of those who
 * wait.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.resources;

import org.jspecify.annotations.NullMarked;
