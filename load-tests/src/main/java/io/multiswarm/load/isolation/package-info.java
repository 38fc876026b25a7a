/** Fleets that share a Redis and nothing else. */
@NullMarked
package io.multiswarm.load.isolation;

import org.jspecify.annotations.NullMarked;
