/**
 * Redis without us: what scripts and pub/sub carry that do no more than they must, over the same
 * Redis, on the same machine, in the same run.
 */
@NullMarked
package io.multiswarm.load.baseline;

import org.jspecify.annotations.NullMarked;
