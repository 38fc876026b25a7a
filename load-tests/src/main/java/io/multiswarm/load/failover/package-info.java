/**
 * Servers that are killed, stopped and paused while they lead, and what Redis accepted meanwhile.
 */
@NullMarked
package io.multiswarm.load.failover;

import org.jspecify.annotations.NullMarked;
