/**
 * When each request is meant to leave: an open loop, so that a slow server can't slow its own
 * measurement.
 */
@NullMarked
package io.multiswarm.load.pace;

import org.jspecify.annotations.NullMarked;
