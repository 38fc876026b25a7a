/**
 * Looks at Redis and at this node every so often, and keeps the latest finding.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.health;

import org.jspecify.annotations.NullMarked;
