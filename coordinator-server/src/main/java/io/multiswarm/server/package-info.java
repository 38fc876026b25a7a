/**
 * The coordinator as a process: command line, configuration, and the start and stop of its parts.
 */
@NullMarked
package io.multiswarm.server;

import org.jspecify.annotations.NullMarked;
