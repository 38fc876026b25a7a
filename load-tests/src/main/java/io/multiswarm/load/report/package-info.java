/** What a run saw, as histograms and rows: one model, printed for people and written as JSON. */
@NullMarked
package io.multiswarm.load.report;

import org.jspecify.annotations.NullMarked;
