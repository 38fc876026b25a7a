/**
 * The seam between the command line and what is measured: a scenario is given a context and gives
 * back a report.
 */
@NullMarked
package io.multiswarm.load.scenario;

import org.jspecify.annotations.NullMarked;
