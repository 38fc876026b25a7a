/**
 * What {@code all} runs: the catalogue of scenarios, those that run there alone, and the judges of
 * these.
 */
@NullMarked
package io.multiswarm.load.suite;

import org.jspecify.annotations.NullMarked;
