package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.Client;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What can be read beside the tools: the fleet's numbers, what was said to a swarm, a task with its
 * history. Each is the JSON of the wire protocol.
 */
public final class McpResources {

  private static final String SCHEME = "multiswarm://";
  private static final String OVERVIEW = SCHEME + "overview";
  private static final String INBOX = SCHEME + "inbox/";
  private static final String TASK = SCHEME + "task/";
  private static final int MOST_MESSAGES = 100;

  /** A resource, or a template of some: {@code {id}} in its address stands for an id. */
  public record Listed(String uri, String name, String description) {}

  private final Agents agents;

  public McpResources(Agents agents) {
    this.agents = agents;
  }

  static String taskUri(String id) {
    return TASK + id;
  }

  /** With a fixed address. */
  public static List<Listed> fixed() {
    return List.of(
        new Listed(OVERVIEW, "overview", "The fleet in numbers, as stats.get gives them"));
  }

  /** With an id in the address. */
  public static List<Listed> templates() {
    return List.of(
        new Listed(INBOX + "{id}", "inbox", "The newest messages to the agent of that name, whole"),
        new Listed(
            TASK + "{id}", "task", "A task with its data, history, result and late results"));
  }

  /** The JSON behind an address, for whoever may see it; {@code NOT_FOUND} for another address. */
  public Mono<Json> read(Client caller, String uri) {
    return Mono.defer(
        () -> {
          if (uri.equals(OVERVIEW)) {
            return asked(caller, "stats.get", Json.EMPTY_OBJECT);
          }
          if (uri.startsWith(INBOX)) {
            String id = Ids.checkSwarm("uri", uri.substring(INBOX.length()));
            return asked(
                caller,
                "channel.history",
                JsonObject.with("channel", ChannelName.of(id)).and("limit", MOST_MESSAGES).json());
          }
          if (uri.startsWith(TASK)) {
            String id = Ids.check("uri", uri.substring(TASK.length()));
            return asked(caller, "task.get", JsonObject.with("taskId", id).json());
          }
          return Mono.error(
              CoordinationException.of(ErrorCode.NOT_FOUND, "%s: there is no such resource", uri));
        });
  }

  private Mono<Json> asked(Client caller, String method, Json params) {
    return agents.withoutHandle(caller).flatMap(agent -> agent.during(agent.call(method, params)));
  }
}
