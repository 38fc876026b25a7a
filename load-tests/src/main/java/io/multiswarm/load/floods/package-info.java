/**
 * The scenario {@code floods}: clients that send, watch or promise without end, against a server
 * with little memory, and a quiet client that must not notice.
 */
@NullMarked
package io.multiswarm.load.floods;

import org.jspecify.annotations.NullMarked;
