/**
 * The Model Context Protocol at {@code /mcp}, both eras on one URL, over Reactor Netty.
 *
 * <p>Receives HTTP requests, finds out who calls and which era they are of, and hands the JSON-RPC
 * messages to the public SDK; gives its answers back as JSON or as a stream of events. What the
 * tools do is in {@link io.multiswarm.server.mcp.tools}. The only package that knows the SDK;
 * nobody but who puts the server together depends on it.
 *
 * <p>A request that nobody waits for any more is cancelled. Nothing is kept for streams that were
 * lost: neither era resumes them here.
 */
@NullMarked
package io.multiswarm.server.mcp;

import org.jspecify.annotations.NullMarked;
