/** Large things of every kind, and whether any call to Redis takes long because of them. */
@NullMarked
package io.multiswarm.load.slowlog;

import org.jspecify.annotations.NullMarked;
