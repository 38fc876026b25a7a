/**
 * Microbenchmarks, run by hand: {@code java -jar load-tests.jar bench}. They answer what one step
 * costs; what an installation carries is answered by the scenarios.
 */
@NullMarked
package io.multiswarm.load.bench;

import org.jspecify.annotations.NullMarked;
