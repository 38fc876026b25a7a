/**
 * The command {@code mcp}: MCP over standard input and output, for clients that only start
 * commands.
 *
 * <p>Receives a message a line, posts it to a server's {@code /mcp}, gives each message of the
 * answer as a line. Keeps nothing but the session of the legacy era: an agent is its handle, which
 * outlives this process.
 */
@NullMarked
package io.multiswarm.server.mcp.bridge;

import org.jspecify.annotations.NullMarked;
