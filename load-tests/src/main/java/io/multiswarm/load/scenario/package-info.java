/**
 * The seam between the command line and what is measured: a scenario is given a stage and gives
 * back a report.
 */
@NullMarked
package io.multiswarm.load.scenario;

import org.jspecify.annotations.NullMarked;
