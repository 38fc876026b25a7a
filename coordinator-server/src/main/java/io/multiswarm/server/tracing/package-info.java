/** Sends what this node observes to a collector of traces, when it is told of one. */
@NullMarked
package io.multiswarm.server.tracing;

import org.jspecify.annotations.NullMarked;
