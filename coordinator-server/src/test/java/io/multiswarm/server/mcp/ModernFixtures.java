package io.multiswarm.server.mcp;

import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.McpSchema.CacheScope;
import io.modelcontextprotocol.modern.server.HmacRequestStateCodec;
import io.modelcontextprotocol.modern.server.McpAsyncNotifier;
import io.modelcontextprotocol.modern.server.McpAsyncResponse;
import io.modelcontextprotocol.modern.server.McpRequestContext;
import io.modelcontextprotocol.modern.server.McpServer;
import io.modelcontextprotocol.modern.server.feature.McpAsyncPrompt;
import io.modelcontextprotocol.modern.server.feature.McpAsyncPromptRepository;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResource;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResourceRepository;
import io.modelcontextprotocol.modern.server.feature.McpAsyncTool;
import io.modelcontextprotocol.modern.server.feature.McpAsyncToolRepository;
import io.modelcontextprotocol.modern.server.feature.McpChangeFeed;
import io.modelcontextprotocol.modern.server.feature.PromptsFeature;
import io.modelcontextprotocol.modern.server.feature.PromptsPage;
import io.modelcontextprotocol.modern.server.feature.ResourceTemplatesPage;
import io.modelcontextprotocol.modern.server.feature.ResourcesFeature;
import io.modelcontextprotocol.modern.server.feature.ResourcesPage;
import io.modelcontextprotocol.modern.server.feature.ServerChange;
import io.modelcontextprotocol.modern.server.feature.ToolsFeature;
import io.modelcontextprotocol.modern.server.feature.ToolsPage;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The fixtures in the modern era: what asks the client answers with what it wants to know. */
@SuppressWarnings("deprecation") // the suite of that revision asks for what the next ones drop
final class ModernFixtures {

  private final Fixtures fixtures = new Fixtures("modern");
  private final McpChangeFeed changes = new McpChangeFeed();

  McpServer server() {
    return McpServer.builder()
        .serverInfo(McpSchema.Implementation.builder("fixtures", "1").build())
        .jsonMapper(Fixtures.MAPPER)
        .requestStateCodec(
            HmacRequestStateCodec.builder()
                .key(new byte[32])
                .principalExtractor(context -> "anybody")
                .jsonMapper(Fixtures.MAPPER)
                .build())
        .subscriptions(changes)
        .feature(
            ToolsFeature.ofAsync(
                new ToolList(), Fixtures.MAPPER, Fixtures.NO_VALIDATION, 0, CacheScope.PRIVATE))
        .feature(PromptsFeature.ofAsync(new PromptList(), Fixtures.MAPPER, 0, CacheScope.PRIVATE))
        .feature(
            ResourcesFeature.ofAsync(new ResourceList(), Fixtures.MAPPER, 0, CacheScope.PRIVATE))
        .build();
  }

  private static <T> Mono<T> named(Stream<T> all, Predicate<T> wanted) {
    return Mono.justOrEmpty(all.filter(wanted).findFirst());
  }

  private final class ToolList implements McpAsyncToolRepository {

    @Override
    public Mono<ToolsPage> list(McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          ToolsPage.of(
              fixtures.tools().stream()
                  .map(fixture -> Fixtures.listed(fixture, McpSchema.Tool.class))
                  .toList()));
    }

    @Override
    public Mono<McpAsyncTool> find(McpRequestContext context, String name) {
      return named(fixtures.tools().stream(), tool -> tool.path("name").asString().equals(name))
          .map(this::tool);
    }

    private McpAsyncTool tool(JsonNode fixture) {
      McpSchema.Tool listed = Fixtures.listed(fixture, McpSchema.Tool.class);
      McpAsyncTool.Handler handler =
          (context, request) -> {
            Answering answering =
                new Answering(fixture, context, request.requestState(), request.inputResponses());
            return fixture.path("streams").asBoolean() || context.progressToken() != null
                ? Mono.just(
                    McpAsyncResponse.streaming(
                        notifier -> progress(notifier, fixture).then(called(answering))))
                : called(answering).map(McpAsyncResponse::result);
          };
      return fixture.has("requires")
          ? McpAsyncTool.of(
              listed,
              Fixtures.MAPPER.convertValue(
                  Fixtures.map(fixture.path("requires")), McpSchema.ClientCapabilities.class),
              handler)
          : McpAsyncTool.of(listed, handler);
    }

    private Mono<Void> progress(McpAsyncNotifier notifier, JsonNode fixture) {
      return Flux.fromStream(fixture.path("progress").valueStream())
          .concatMap(done -> notifier.progress(done.asDouble(), 100.0, "it goes on"))
          .then();
    }

    private Mono<McpSchema.CallToolOutcome> called(Answering answering) {
      return Mono.fromSupplier(
          () -> {
            String changed = answering.fixture().path("changes").asString("");
            if (!changed.isEmpty()) {
              changes.broadcast(
                  changed.equals("tools")
                      ? new ServerChange.ToolsListChanged()
                      : new ServerChange.PromptsListChanged());
            }
            McpSchema.InputRequiredResult asked = answering.asked();
            return asked != null
                ? asked
                : Fixtures.result(answering.fixture(), Map.of(), McpSchema.CallToolResult.class);
          });
    }
  }

  /**
   * A call of what may ask first.
   *
   * @param state the round that the answers belong to; null for the first
   */
  private record Answering(
      JsonNode fixture,
      McpRequestContext context,
      @Nullable String state,
      @Nullable Map<String, Object> answers) {

    /** What there is to ask; null when all is known. */
    McpSchema.@Nullable InputRequiredResult asked() {
      List<JsonNode> rounds = fixture.path("asks").valueStream().toList();
      int round = state == null ? 0 : Integer.parseInt(state);
      if (round < rounds.size() && isAnswered(rounds.get(round))) {
        round++;
      }
      return round < rounds.size() ? question(rounds.get(round), round) : null;
    }

    private boolean isAnswered(JsonNode asks) {
      return answers != null
          && asks.propertyStream().allMatch(one -> answers.get(one.getKey()) instanceof Map);
    }

    private McpSchema.InputRequiredResult question(JsonNode asks, int round) {
      var question = McpSchema.InputRequiredResult.builder().requestState("" + round);
      McpSchema.ClientCapabilities can = context.clientCapabilities();
      asks.propertyStream()
          .forEach(
              one -> {
                Map<String, Object> params = Fixtures.map(one.getValue().path("params"));
                switch (one.getValue().path("method").asString()) {
                  case "elicitation/create" -> {
                    if (can.supportsElicitationForm()) {
                      question.elicit(
                          one.getKey(),
                          Fixtures.MAPPER.convertValue(params, McpSchema.ElicitFormRequest.class));
                    }
                  }
                  case "sampling/createMessage" -> {
                    if (can.supportsSampling()) {
                      question.createMessage(
                          one.getKey(),
                          Fixtures.MAPPER.convertValue(
                              params, McpSchema.CreateMessageRequest.class));
                    }
                  }
                  default -> question.listRoots(one.getKey());
                }
              });
      return question.build();
    }
  }

  private final class PromptList implements McpAsyncPromptRepository {

    @Override
    public Mono<PromptsPage> list(McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          PromptsPage.of(
              fixtures.prompts().stream()
                  .map(fixture -> Fixtures.listed(fixture, McpSchema.Prompt.class))
                  .toList()));
    }

    @Override
    public Mono<McpAsyncPrompt> find(McpRequestContext context, String name) {
      return named(
              fixtures.prompts().stream(), prompt -> prompt.path("name").asString().equals(name))
          .map(this::prompt);
    }

    private McpAsyncPrompt prompt(JsonNode fixture) {
      return McpAsyncPrompt.of(
              Fixtures.listed(fixture, McpSchema.Prompt.class),
              (context, request) ->
                  Mono.fromSupplier(
                      () -> {
                        McpSchema.InputRequiredResult asked =
                            new Answering(
                                    fixture,
                                    context,
                                    request.requestState(),
                                    request.inputResponses())
                                .asked();
                        McpSchema.GetPromptOutcome outcome =
                            asked != null
                                ? asked
                                : Fixtures.result(
                                    fixture,
                                    request.arguments() == null ? Map.of() : request.arguments(),
                                    McpSchema.GetPromptResult.class);
                        return McpAsyncResponse.result(outcome);
                      }))
          .withCompletionHandler(
              (context, request) ->
                  Mono.just(
                      McpSchema.CompleteResult.of(
                          new McpSchema.CompleteResult.Completion(
                              List.of("test one", "test two"), 2, false))));
    }

    @Override
    public boolean supportsCompletion() {
      return true;
    }
  }

  private final class ResourceList implements McpAsyncResourceRepository {

    @Override
    public Mono<ResourcesPage> list(McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          ResourcesPage.of(
              fixtures.resources().stream()
                  .map(fixture -> Fixtures.listed(fixture, McpSchema.Resource.class))
                  .toList()));
    }

    @Override
    public Mono<ResourceTemplatesPage> listTemplates(
        McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          ResourceTemplatesPage.of(
              fixtures.templates().stream()
                  .map(fixture -> Fixtures.listed(fixture, McpSchema.ResourceTemplate.class))
                  .toList()));
    }

    @Override
    public Mono<McpAsyncResource> find(McpRequestContext context, String uri) {
      return named(fixtures.resources().stream(), fixed -> fixed.path("uri").asString().equals(uri))
          .map(fixture -> resource(fixture, Map.of()))
          .switchIfEmpty(
              named(fixtures.templates().stream(), template -> uri.startsWith("test://template/"))
                  .map(template -> resource(template, Fixtures.variables(template, uri))));
    }

    private McpAsyncResource resource(JsonNode fixture, Map<String, ?> arguments) {
      return McpAsyncResource.of(
          (context, request) ->
              Mono.just(
                  McpAsyncResponse.result(
                      Fixtures.contents(
                          fixture, request.uri(), arguments, McpSchema.ReadResourceResult.class))));
    }
  }
}
