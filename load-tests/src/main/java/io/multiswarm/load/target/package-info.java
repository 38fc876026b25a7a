/** What is measured: a server that already runs, or one of our own in a child process. */
@NullMarked
package io.multiswarm.load.target;

import org.jspecify.annotations.NullMarked;
