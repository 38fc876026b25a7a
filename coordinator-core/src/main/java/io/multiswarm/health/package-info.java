/**
 * How well this node and its Redis do: whether Redis is set up so that coordination can keep its
 * promises, and a few numbers that tell trouble before users do.
 *
 * <p>Observes only; what follows from it is for readiness, statistics and whoever reads the log.
 */
@NullMarked
package io.multiswarm.health;

import org.jspecify.annotations.NullMarked;
