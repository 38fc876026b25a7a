package io.multiswarm.server.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.mcp.tools.Answer;
import io.multiswarm.server.mcp.tools.McpResources;
import io.multiswarm.server.mcp.tools.SubmittedTasks;
import io.multiswarm.server.mcp.tools.Tool;
import io.multiswarm.server.mcp.tools.ToolCall;
import io.multiswarm.server.mcp.tools.Tools;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What both eras serve, before either has given it its own shape. */
record ServerFeatures(
    Tools tools,
    McpResources resources,
    SubmittedTasks submitted,
    McpJsonMapper mapper,
    Scheduler scheduler,
    String version) {

  static final String NAME = "multiswarm-coordinator";

  static final String INSTRUCTIONS =
      "Coordinates AI agents that work as a swarm. To work: join, then call next again and again, and"
          + " report each task. To hand work out: submit, then status.";

  /** Between two words to a client that waits. */
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  /** Arguments are read, and refused, by the tools: in words for a model. */
  static final JsonSchemaValidator NO_VALIDATION =
      (schema, content) -> JsonSchemaValidator.ValidationResponse.asValid(null);

  /** Says that a call goes on. */
  interface Progress {
    Mono<Void> tell(double seconds, String what);
  }

  List<Tool> shownTo(Client caller) {
    return tools.all().stream().filter(tool -> tool.isFor(principal(caller))).toList();
  }

  private static Principal principal(Client caller) {
    AccessGrant grant = caller.grant();
    return grant == null ? Principal.ANONYMOUS : grant.principal();
  }

  /** The description of a tool in the shape of that era. */
  <T> T described(Tool tool, Class<T> shape) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", tool.name());
    shown.put("title", tool.title());
    shown.put("description", tool.description());
    shown.put("inputSchema", tool.inputSchema().asMap());
    Json annotations = tool.annotations();
    if (annotations != null) {
      shown.put("annotations", annotations.asMap());
    }
    return mapper.convertValue(shown, shape);
  }

  /**
   * What a client asks of a tool.
   *
   * @param follows whether it takes a task for an answer, see {@link Answer#awaits}
   */
  record Asked(
      Client caller, String name, @Nullable Map<String, Object> arguments, boolean follows) {}

  /**
   * Calls a tool.
   *
   * @param progress null when the client does not want any
   */
  Mono<Answer> call(Asked asked, @Nullable Progress progress) {
    Map<String, Object> arguments = asked.arguments();
    Params params = Params.of(Json.of(arguments == null ? Map.of() : arguments));
    Mono<Answer> answer =
        tools.call(asked.name(), new ToolCall(asked.caller(), params, asked.follows()));
    return progress == null ? answer : Flux.merge(told(progress), answer).next();
  }

  /** Never ends, and gives nothing. */
  private Mono<Answer> told(Progress progress) {
    return Flux.interval(Duration.ZERO, PROGRESS, scheduler)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                progress.tell((double) tick * PROGRESS.toSeconds(), "waiting").onErrorComplete())
        .then(Mono.never());
  }

  Mono<String> read(Client caller, String uri) {
    return resources.read(caller, uri).map(Json::toString);
  }
}
