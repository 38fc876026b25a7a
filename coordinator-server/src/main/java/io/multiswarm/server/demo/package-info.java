/**
 * The design document's demo, played by three clients of the wire protocol on a server of their
 * own. What is told is what was seen; nothing is told that did not happen.
 */
@NullMarked
package io.multiswarm.server.demo;

import org.jspecify.annotations.NullMarked;
