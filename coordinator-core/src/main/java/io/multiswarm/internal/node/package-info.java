/**
 * This process as a member of the fleet: its id, the swarms that are attached to it, the signals
 * that other nodes send it, and what every component needs to be built.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.node;

import org.jspecify.annotations.NullMarked;
