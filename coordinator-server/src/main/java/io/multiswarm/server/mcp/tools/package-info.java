/**
 * The tools that agents call, and the resources that they read.
 *
 * <p>Receives a tool's name and arguments, calls the methods of the wire protocol as the agent or
 * as its token, and gives an answer written for a model: what happened, and what to do next. What
 * the tools are called and say of themselves is in {@code tools.json}. Knows neither MCP's messages
 * nor HTTP.
 */
@NullMarked
package io.multiswarm.server.mcp.tools;

import org.jspecify.annotations.NullMarked;
