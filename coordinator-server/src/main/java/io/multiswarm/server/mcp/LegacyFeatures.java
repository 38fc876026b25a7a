package io.multiswarm.server.mcp;

import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.server.mcp.tools.Answer;
import io.multiswarm.server.mcp.tools.McpResources;
import io.multiswarm.server.mcp.tools.Tool;
import io.multiswarm.server.session.Client;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Tools and resources in the shape of the legacy era. */
record LegacyFeatures(ServerFeatures features) {

  /** Serves them over the transport. */
  McpAsyncServer serve(LegacyEra transport) {
    return McpServer.async(transport)
        .serverInfo(ServerFeatures.NAME, features.version())
        .instructions(ServerFeatures.INSTRUCTIONS)
        .jsonMapper(features.mapper())
        .jsonSchemaValidator(ServerFeatures.NO_VALIDATION)
        .validateToolInputs(false)
        .capabilities(
            McpSchema.ServerCapabilities.builder().tools(false).resources(false, false).build())
        .addToolFilter(
            (context, tool) ->
                Mono.just(
                    features.shownTo(Visit.callerOf(context)).stream()
                        .anyMatch(shown -> shown.name().equals(tool.name()))))
        .tools(features.tools().all().stream().map(this::tool).toList())
        .resources(McpResources.fixed().stream().map(this::resource).toList())
        .resourceTemplates(McpResources.templates().stream().map(this::template).toList())
        .build();
  }

  private AsyncToolSpecification tool(Tool tool) {
    return AsyncToolSpecification.builder()
        .tool(features.described(tool, McpSchema.Tool.class))
        .callHandler(this::call)
        .build();
  }

  private Mono<McpSchema.CallToolResult> call(
      McpAsyncServerExchange exchange, McpSchema.CallToolRequest request) {
    return features
        .call(
            new ServerFeatures.Asked(caller(exchange), request.name(), request.arguments(), false),
            progress(exchange, request))
        .map(LegacyFeatures::result);
  }

  private static Client caller(McpAsyncServerExchange exchange) {
    return Visit.callerOf(exchange.transportContext());
  }

  private static ServerFeatures.@Nullable Progress progress(
      McpAsyncServerExchange exchange, McpSchema.CallToolRequest request) {
    Object token = request.progressToken();
    return token == null
        ? null
        : (seconds, what) ->
            exchange.progressNotification(
                McpSchema.ProgressNotification.builder(token, seconds).message(what).build());
  }

  private static McpSchema.CallToolResult result(Answer answer) {
    return McpSchema.CallToolResult.builder()
        .addTextContent(answer.text())
        .structuredContent(answer.structured())
        .isError(answer.isError())
        .build();
  }

  private AsyncResourceSpecification resource(McpResources.Listed listed) {
    return new AsyncResourceSpecification(
        McpSchema.Resource.builder(listed.uri(), listed.name())
            .description(listed.description())
            .mimeType(Replies.JSON)
            .build(),
        this::read);
  }

  private AsyncResourceTemplateSpecification template(McpResources.Listed listed) {
    return new AsyncResourceTemplateSpecification(
        McpSchema.ResourceTemplate.builder(listed.uri(), listed.name())
            .description(listed.description())
            .mimeType(Replies.JSON)
            .build(),
        this::read);
  }

  private Mono<McpSchema.ReadResourceResult> read(
      McpAsyncServerExchange exchange, McpSchema.ReadResourceRequest request) {
    return features
        .read(caller(exchange), request.uri())
        .map(
            text ->
                McpSchema.ReadResourceResult.builder(
                        List.of(
                            McpSchema.TextResourceContents.builder(request.uri(), text)
                                .mimeType(Replies.JSON)
                                .build()))
                    .build())
        .onErrorMap(
            CoordinationException.class,
            refused ->
                McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message(refused.code() + ": " + refused.message())
                    .build());
  }
}
