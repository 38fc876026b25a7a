/** A day of swarms that talk and work, compressed. */
@NullMarked
package io.multiswarm.load.mixed;

import org.jspecify.annotations.NullMarked;
