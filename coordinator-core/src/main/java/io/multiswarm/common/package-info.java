/**
 * The vocabulary that every other package shares: identifiers, errors, opaque JSON, options.
 *
 * <p>Depends on no other package of the project. Nothing here does I/O or knows Redis.
 */
@NullMarked
package io.multiswarm.common;

import org.jspecify.annotations.NullMarked;
