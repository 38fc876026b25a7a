/**
 * The scenario {@code tasks}: work that swarms submit, are given and complete, timed from its
 * intended submission and checked for tasks lost, done twice or forced on the unwilling.
 */
@NullMarked
package io.multiswarm.load.tasks;

import org.jspecify.annotations.NullMarked;
