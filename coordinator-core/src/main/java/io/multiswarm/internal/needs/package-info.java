/**
 * What a node needs of Redis, as a list: how each command is tried, what becomes of a node without
 * it, what an operator is to grant, and how what a probe found is put into words.
 *
 * <p>Receives what a probe was told; sends nothing itself.
 */
@NullMarked
package io.multiswarm.internal.needs;

import org.jspecify.annotations.NullMarked;
