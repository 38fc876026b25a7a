/**
 * Redis without us, for the baselines: connections, scripts, and the calls that many things share.
 */
@NullMarked
package io.multiswarm.load.bare;

import org.jspecify.annotations.NullMarked;
