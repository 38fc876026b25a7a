package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.mcp.agent.Agents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** All tools, in the order in which they are shown. */
public final class Tools {

  private static final String LIST = "tools.json";

  private final List<Tool> tools;
  private final Map<String, Function<ToolCall, Mono<Answer>>> handlers = new HashMap<>();

  /** Reads what they say of themselves; to be called before the first event loop is there. */
  public Tools(Agents agents, SubmittedTasks submitted) {
    this.tools = Json.parse(resource()).elements().stream().map(Tool::read).toList();
    WorkTools work = new WorkTools(agents);
    handlers.put("join", work::join);
    handlers.put("next", work::next);
    handlers.put("report", new ReportTool(agents)::report);
    handlers.put("send", new SendTool(agents)::send);
    handlers.put("reserve", new ReserveTool(agents)::reserve);
    SubmitterTools submitter = new SubmitterTools(agents, submitted);
    handlers.put("submit", submitter::submit);
    handlers.put("steer", submitter::steer);
    handlers.put("status", new StatusTool(agents)::status);
    tools.forEach(tool -> requireHandler(tool.name()));
  }

  private void requireHandler(String name) {
    if (!handlers.containsKey(name)) {
      throw new IllegalStateException(LIST + " has a tool that nobody serves: " + name);
    }
  }

  private static byte[] resource() {
    try (InputStream in = Tools.class.getResourceAsStream(LIST)) {
      if (in == null) {
        throw new IllegalStateException("The server was built without its " + LIST);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that there are. */
  public List<Tool> all() {
    return tools;
  }

  /** Calls one. A refusal is an answer, too, for the model to read. */
  public Mono<Answer> call(String name, ToolCall call) {
    return Mono.defer(() -> shown(name, call).apply(call))
        .onErrorResume(CoordinationException.class, refusal -> Mono.just(Answer.refused(refusal)));
  }

  private Function<ToolCall, Mono<Answer>> shown(String name, ToolCall call) {
    AccessGrant grant = call.caller().grant();
    Principal who = grant == null ? Principal.ANONYMOUS : grant.principal();
    for (Tool tool : tools) {
      if (tool.name().equals(name) && tool.isFor(who)) {
        return Objects.requireNonNull(handlers.get(name));
      }
    }
    throw CoordinationException.of(
        ErrorCode.PERMISSION_DENIED, "the token's scopes do not go with the tool %s", name);
  }
}
