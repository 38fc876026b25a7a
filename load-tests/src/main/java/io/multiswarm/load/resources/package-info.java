/**
 * The scenario {@code resources}: swarms that allocate, release and vanish while they hold some.
 */
@NullMarked
package io.multiswarm.load.resources;

import org.jspecify.annotations.NullMarked;
