/**
 * Agents that speak MCP, while they, their bridges and the servers are killed.
 *
 * <p>Receives a plan, gives a report. An agent is a thread that waits as a program of a user would;
 * what it would have written to its disk survives its end, and nothing else. Its MCP is posted as
 * it stands, without a library that the server has, too.
 */
@NullMarked
package io.multiswarm.load.agents;

import org.jspecify.annotations.NullMarked;
