/** The load harness: simulated swarms over the real WebSocket, and what they saw. */
@NullMarked
package io.multiswarm.load;

import org.jspecify.annotations.NullMarked;
