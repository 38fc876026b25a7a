/** Swarms that come and go. */
@NullMarked
package io.multiswarm.load.churn;

import org.jspecify.annotations.NullMarked;
