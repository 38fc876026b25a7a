/** Servers that die while states are saved, and what is left of these. */
@NullMarked
package io.multiswarm.load.recovery;

import org.jspecify.annotations.NullMarked;
