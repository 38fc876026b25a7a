/**
 * Observations of what goes through this node, for an application that gave a registry of them. A
 * trace is carried by {@code metadata.traceparent} of tasks and messages.
 */
@NullMarked
package io.multiswarm.internal.tracing;

import org.jspecify.annotations.NullMarked;
