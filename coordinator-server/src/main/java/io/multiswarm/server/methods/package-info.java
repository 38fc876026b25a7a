/**
 * The methods of the protocol, a class for each group.
 *
 * <p>Receives calls, checks their parameters and the right to act, and gives the library's answer
 * as JSON. No state but what a session keeps for a group. To add a group, implement {@link
 * io.multiswarm.server.session.MethodTable.Group} and name it where the server is put together.
 */
@NullMarked
package io.multiswarm.server.methods;

import org.jspecify.annotations.NullMarked;
