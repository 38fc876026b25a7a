package io.multiswarm.server.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.mcp.tools.McpResources;
import io.multiswarm.server.mcp.tools.SubmittedTasks;
import io.multiswarm.server.mcp.tools.Tools;
import io.multiswarm.server.session.SessionFactory;
import io.multiswarm.server.websocket.Doorkeeper;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Puts the endpoint together.
 *
 * @param asksForTokens whether nobody is let in without one
 * @param issuer of tokens that are JWT; null when any may be
 * @param isSecure whether the server speaks TLS
 * @param allowedOrigins whose pages may call
 * @param assembly patience with a request's body
 * @param grace how long an agent is kept after a call
 * @param most agents and legacy sessions on this node, each
 * @param version of the server
 */
public record McpServing(
    boolean asksForTokens,
    @Nullable String issuer,
    boolean isSecure,
    List<String> allowedOrigins,
    Duration assembly,
    Duration grace,
    int most,
    String version) {

  public McpServing {
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /**
   * To be called before the first event loop is there, for it reads what tools say of themselves.
   */
  public McpEndpoint endpoint(SessionFactory sessions, Doorkeeper door, Scheduler scheduler) {
    Agents agents = new Agents(new Agents.Setup(sessions, scheduler, grace, most, version));
    McpJsonMapper mapper = McpJsonDefaults.getMapper();
    SubmittedTasks submitted = new SubmittedTasks(agents);
    ServerFeatures features =
        new ServerFeatures(
            new Tools(agents, submitted),
            new McpResources(agents),
            submitted,
            mapper,
            scheduler,
            version);
    Replies replies = new Replies(mapper, scheduler);
    LegacyEra legacy = new LegacyEra(mapper, replies, scheduler, most);
    new LegacyFeatures(features).serve(legacy);
    ModernEra modern = new ModernEra(new ModernFeatures(features).server(), replies);
    return endpoint(sessions, door, scheduler, replies, new McpEndpoint.Eras(legacy, modern));
  }

  McpEndpoint endpoint(
      SessionFactory sessions,
      Doorkeeper door,
      Scheduler scheduler,
      Replies replies,
      McpEndpoint.Eras eras) {
    return new McpEndpoint(
        door,
        new Hosts(allowedOrigins, asksForTokens),
        new RequestBody(
            sessions.directory().buffers(), sessions.limits().maxFrameBytes(), assembly, scheduler),
        replies,
        new ResourceMetadata(issuer, isSecure, door),
        eras);
  }
}
