/**
 * The embeddable library that coordinates swarms over Redis: the whole of coordination, no HTTP.
 *
 * <p>What lies in a package named {@code internal} is not for use from outside the library.
 */
@NullMarked
package io.multiswarm;

import org.jspecify.annotations.NullMarked;
