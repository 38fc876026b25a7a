/** How log events become lines of the console: readable, and one event never looks like two. */
@NullMarked
package io.multiswarm.server.logging;

import org.jspecify.annotations.NullMarked;
