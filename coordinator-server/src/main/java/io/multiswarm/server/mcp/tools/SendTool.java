package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import reactor.core.publisher.Mono;

/** {@code send}: messages to others, and answers to requests. */
final class SendTool {

  /** Of the messages that agents write. */
  static final String TYPE = "text";

  private final Agents agents;

  SendTool(Agents agents) {
    this.agents = agents;
  }

  Mono<Answer> send(ToolCall call) {
    Params given = call.arguments();
    Json text = Json.of(given.string("text"));
    String from = call.handle().swarmId();
    String replyTo = given.optionalString("replyTo");
    String to = replyTo == null ? given.string("to") : "";
    return agents
        .at(call.caller(), call.handle())
        .flatMap(
            agent ->
                agent.during(
                    replyTo == null
                        ? said(agent, from, to, text)
                        : replied(agent, from, replyTo, text)));
  }

  private static Mono<Answer> replied(Agent agent, String from, String replyTo, Json text) {
    return agent
        .call(
            "message.reply",
            JsonObject.with("from", from).and("requestId", replyTo).and("data", text).json())
        .thenReturn(Answer.of("Your answer is on its way. Call next."));
  }

  private static Mono<Answer> said(Agent agent, String from, String to, Json text) {
    return switch (to) {
      case "all" ->
          agent
              .call(
                  "message.broadcast",
                  JsonObject.with("from", from).and("type", TYPE).and("data", text).json())
              .map(sent -> sent(sent, "Sent to all who listen."));
      case "leader" -> leader(agent).flatMap(leader -> toOne(agent, from, leader, text));
      default -> toOne(agent, from, to, text);
    };
  }

  private static Mono<String> leader(Agent agent) {
    return agent
        .call("leader.get", Json.EMPTY_OBJECT)
        .map(
            leader -> {
              String swarmId = Params.of(leader).optionalString("swarmId");
              if (swarmId == null) {
                throw CoordinationException.of(
                    ErrorCode.UNAVAILABLE, "there is no leader at the moment");
              }
              return swarmId;
            });
  }

  private static Mono<Answer> toOne(Agent agent, String from, String to, Json text) {
    Json message =
        JsonObject.with("from", from).and("to", to).and("type", TYPE).and("data", text).json();
    return agent
        .call("message.send", message)
        .flatMap(
            sent ->
                isThere(agent, to)
                    .map(there -> sent(sent, "Sent to " + to + ", who " + there + ". Call next.")));
  }

  /** Whether the addressee is attached, as far as the token may know. */
  private static Mono<String> isThere(Agent agent, String to) {
    return agent
        .call("swarm.get", JsonObject.with("swarmId", to).json())
        .map(
            found ->
                Params.of(found).params("swarm").bool("attached", false)
                    ? "is there"
                    : "is away now and finds it when it comes back")
        .onErrorReturn(CoordinationException.class, "finds it when it looks");
  }

  private static Answer sent(Json published, String said) {
    Params position = Params.of(published);
    return Answer.of(said)
        .with("offset", position.integer("offset", 0, Long.MAX_VALUE))
        .with("id", position.string("id"));
  }
}
