/**
 * An independent client of {@code multiswarm.v1}: Reactor Netty and plain JSON, sharing no code
 * with the server, so that a mistake in one of them can't cancel itself out in the other.
 */
@NullMarked
package io.multiswarm.load.client;

import org.jspecify.annotations.NullMarked;
