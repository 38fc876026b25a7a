/**
 * Tasks that are submitted and done while workers, leaders and Redis are killed, and the proof that
 * each ended once.
 */
@NullMarked
package io.multiswarm.load.chaos;

import org.jspecify.annotations.NullMarked;
