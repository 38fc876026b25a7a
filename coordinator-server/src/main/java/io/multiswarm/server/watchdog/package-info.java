/**
 * Ends the process when it cannot go on, so that whoever runs it starts another: a node without
 * memory, or whose threads do not answer, holds on to its connections and is deaf.
 *
 * <p>Beside the road of messages: looks at threads and errors, and drops nothing but the process.
 */
@NullMarked
package io.multiswarm.server.watchdog;

import org.jspecify.annotations.NullMarked;
