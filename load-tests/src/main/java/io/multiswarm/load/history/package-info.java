/**
 * What clients did and were told, kept as lines of JSON: invocation, completion and outcome of each
 * operation, for our judges and for those of others.
 */
@NullMarked
package io.multiswarm.load.history;

import org.jspecify.annotations.NullMarked;
