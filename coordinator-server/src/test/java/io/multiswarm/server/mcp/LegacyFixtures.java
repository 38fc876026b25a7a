package io.multiswarm.server.mcp;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The fixtures in the legacy era: what asks the client does so by requests of its own. */
@SuppressWarnings("deprecation") // the suite of that revision asks for what the next ones drop
final class LegacyFixtures {

  private final Fixtures fixtures = new Fixtures("legacy");

  /** The SDK's own cannot be written: Jackson 3 finds its {@code mode} twice. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
  private record Elicitation(String mode, String message, Map<String, Object> requestedSchema)
      implements McpSchema.ElicitRequest {

    @Override
    public Map<String, Object> meta() {
      return Map.of();
    }
  }

  void serve(LegacyEra transport) {
    McpServer.async(transport)
        .serverInfo("fixtures", "1")
        .jsonMapper(Fixtures.MAPPER)
        .jsonSchemaValidator(Fixtures.NO_VALIDATION)
        .capabilities(
            McpSchema.ServerCapabilities.builder()
                .tools(false)
                .prompts(false)
                .resources(true, false)
                .logging()
                .completions()
                .build())
        .tools(fixtures.tools().stream().map(LegacyFixtures::tool).toList())
        .prompts(fixtures.prompts().stream().map(LegacyFixtures::prompt).toList())
        .resources(fixtures.resources().stream().map(LegacyFixtures::resource).toList())
        .resourceTemplates(fixtures.templates().stream().map(LegacyFixtures::template).toList())
        .completions(
            new AsyncCompletionSpecification(
                new McpSchema.PromptReference("test_prompt_with_arguments"),
                (exchange, request) ->
                    Mono.just(
                        new McpSchema.CompleteResult(
                            new McpSchema.CompleteResult.CompleteCompletion(
                                List.of("test one", "test two"), 2, false)))))
        .build();
  }

  private static AsyncToolSpecification tool(JsonNode fixture) {
    return AsyncToolSpecification.builder()
        .tool(Fixtures.listed(fixture, McpSchema.Tool.class))
        .callHandler(
            (exchange, request) ->
                log(exchange, fixture)
                    .then(progress(exchange, fixture, request.progressToken()))
                    .then(ask(exchange, fixture))
                    .thenReturn(Fixtures.result(fixture, Map.of(), McpSchema.CallToolResult.class)))
        .build();
  }

  private static Mono<Void> log(McpAsyncServerExchange exchange, JsonNode fixture) {
    return Flux.fromStream(fixture.path("logs").valueStream())
        .concatMap(
            line ->
                exchange.loggingNotification(
                    McpSchema.LoggingMessageNotification.builder(
                            McpSchema.LoggingLevel.INFO, line.asString())
                        .build()))
        .then();
  }

  private static Mono<Void> progress(
      McpAsyncServerExchange exchange, JsonNode fixture, Object token) {
    return token == null
        ? Mono.empty()
        : Flux.fromStream(fixture.path("progress").valueStream())
            .concatMap(
                done ->
                    exchange.progressNotification(
                        McpSchema.ProgressNotification.builder(token, done.asDouble())
                            .total(100.0)
                            .build()))
            .then();
  }

  private static Mono<Void> ask(McpAsyncServerExchange exchange, JsonNode fixture) {
    return Flux.fromStream(fixture.path("asks").valueStream())
        .concatMap(round -> Flux.fromStream(round.valueStream()))
        .concatMap(
            asked -> {
              Map<String, Object> params = Fixtures.map(asked.path("params"));
              return asked.path("method").asString().startsWith("sampling")
                  ? exchange.createMessage(
                      Fixtures.MAPPER.convertValue(params, McpSchema.CreateMessageRequest.class))
                  : exchange.createElicitation(
                      Fixtures.MAPPER.convertValue(params, Elicitation.class));
            })
        .then();
  }

  private static AsyncPromptSpecification prompt(JsonNode fixture) {
    return new AsyncPromptSpecification(
        Fixtures.listed(fixture, McpSchema.Prompt.class),
        (exchange, request) ->
            Mono.just(
                Fixtures.result(
                    fixture,
                    request.arguments() == null ? Map.of() : request.arguments(),
                    McpSchema.GetPromptResult.class)));
  }

  private static AsyncResourceSpecification resource(JsonNode fixture) {
    return new AsyncResourceSpecification(
        Fixtures.listed(fixture, McpSchema.Resource.class),
        (exchange, request) -> Mono.just(contents(fixture, request.uri(), Map.of())));
  }

  private static AsyncResourceTemplateSpecification template(JsonNode fixture) {
    return new AsyncResourceTemplateSpecification(
        Fixtures.listed(fixture, McpSchema.ResourceTemplate.class),
        (exchange, request) ->
            Mono.just(
                contents(fixture, request.uri(), Fixtures.variables(fixture, request.uri()))));
  }

  private static McpSchema.ReadResourceResult contents(
      JsonNode fixture, String uri, Map<String, ?> arguments) {
    return Fixtures.contents(fixture, uri, arguments, McpSchema.ReadResourceResult.class);
  }
}
