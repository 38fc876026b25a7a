/**
 * Agents that call now and then, as sessions that stay in between.
 *
 * <p>Receives calls of agents that name themselves by a handle, gives the answers of the wire
 * protocol: each agent is a client of that protocol within the process, see {@link
 * io.multiswarm.server.mcp.agent.InnerClient}, so that rights, limits and order are those of every
 * session. Keeps what an agent was given and did not report; messages stay in their channels, and
 * the agent's own cursor says which it has read. Knows neither MCP nor HTTP.
 */
@NullMarked
package io.multiswarm.server.mcp.agent;

import org.jspecify.annotations.NullMarked;
