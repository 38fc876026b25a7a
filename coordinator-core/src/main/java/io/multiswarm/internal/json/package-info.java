/**
 * JSON as text: the limits that every parser of the system has in common.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.json;

import org.jspecify.annotations.NullMarked;
