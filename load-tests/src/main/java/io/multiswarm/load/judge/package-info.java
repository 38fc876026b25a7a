/**
 * Histories and what is wrong with them. Knows neither sockets nor clocks: it is told what was
 * promised and what was seen, and says what was lost, came twice, came out of order, or was
 * announced as missing.
 */
@NullMarked
package io.multiswarm.load.judge;

import org.jspecify.annotations.NullMarked;
