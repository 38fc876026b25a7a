/** The library in this process, as the scenarios that measure it without a server use it. */
@NullMarked
package io.multiswarm.load.embedded;

import org.jspecify.annotations.NullMarked;
