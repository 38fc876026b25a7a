/** Work and faults for long, and what they leave behind. */
@NullMarked
package io.multiswarm.load.soak;

import org.jspecify.annotations.NullMarked;
