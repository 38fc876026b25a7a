/** Swarms that disagree, and vote. */
@NullMarked
package io.multiswarm.load.votes;

import org.jspecify.annotations.NullMarked;
