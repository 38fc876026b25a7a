package io.multiswarm.server.mcp;

import io.modelcontextprotocol.modern.McpException;
import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.server.McpAsyncNotifier;
import io.modelcontextprotocol.modern.server.McpAsyncResponse;
import io.modelcontextprotocol.modern.server.McpRequestContext;
import io.modelcontextprotocol.modern.server.McpServer;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResource;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResourceRepository;
import io.modelcontextprotocol.modern.server.feature.McpAsyncTool;
import io.modelcontextprotocol.modern.server.feature.McpAsyncToolRepository;
import io.modelcontextprotocol.modern.server.feature.ResourceTemplatesPage;
import io.modelcontextprotocol.modern.server.feature.ResourcesFeature;
import io.modelcontextprotocol.modern.server.feature.ResourcesPage;
import io.modelcontextprotocol.modern.server.feature.ToolsFeature;
import io.modelcontextprotocol.modern.server.feature.ToolsPage;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.server.mcp.tools.Answer;
import io.multiswarm.server.mcp.tools.McpResources;
import io.multiswarm.server.mcp.tools.Tool;
import io.multiswarm.server.session.Client;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Tools and resources in the shape of the modern era. */
record ModernFeatures(ServerFeatures features) {

  /** What a client may go on believing of a list, which changes with the server's version only. */
  private static final long LISTS_HOLD_MS = 60_000;

  McpServer server() {
    return McpServer.builder()
        .serverInfo(
            McpSchema.Implementation.builder(ServerFeatures.NAME, features.version()).build())
        .instructions(ServerFeatures.INSTRUCTIONS)
        .jsonMapper(features.mapper())
        .requestStateCodec(new NoRequestState())
        .feature(
            ToolsFeature.ofAsync(
                new ToolList(),
                features.mapper(),
                ServerFeatures.NO_VALIDATION,
                LISTS_HOLD_MS,
                McpSchema.CacheScope.PRIVATE))
        .feature(
            ResourcesFeature.ofAsync(
                new ResourceList(), features.mapper(), 0, McpSchema.CacheScope.PRIVATE))
        .feature(new TasksFeature(features.submitted()))
        .build();
  }

  private static Client caller(McpRequestContext context) {
    return Visit.callerOf(context.transportContext());
  }

  private final class ToolList implements McpAsyncToolRepository {

    @Override
    public Mono<ToolsPage> list(McpRequestContext context, @Nullable String cursor) {
      return Mono.fromSupplier(
          () ->
              ToolsPage.of(
                  features.shownTo(caller(context)).stream()
                      .map(tool -> features.described(tool, McpSchema.Tool.class))
                      .toList()));
    }

    @Override
    public Mono<McpAsyncTool> find(McpRequestContext context, String name) {
      return Mono.justOrEmpty(
          features.shownTo(caller(context)).stream()
              .filter(tool -> tool.name().equals(name))
              .findFirst()
              .map(this::tool));
    }

    private McpAsyncTool tool(Tool tool) {
      return McpAsyncTool.of(
          features.described(tool, McpSchema.Tool.class), ModernFeatures.this::call);
    }
  }

  private Mono<McpAsyncResponse<McpSchema.CallToolOutcome>> call(
      McpRequestContext context, McpSchema.CallToolRequest request) {
    if (context.progressToken() == null) {
      return called(context, request, null).map(McpAsyncResponse::result);
    }
    return Mono.just(
        McpAsyncResponse.streaming(notifier -> called(context, request, progress(notifier))));
  }

  private static ServerFeatures.Progress progress(McpAsyncNotifier notifier) {
    return (seconds, what) -> notifier.progress(seconds, null, what);
  }

  private Mono<McpSchema.CallToolOutcome> called(
      McpRequestContext context,
      McpSchema.CallToolRequest request,
      ServerFeatures.@Nullable Progress progress) {
    Client caller = caller(context);
    return features
        .call(
            new ServerFeatures.Asked(
                caller, request.name(), request.arguments(), TasksFeature.isKnownTo(context)),
            progress)
        .flatMap(answer -> answered(caller, answer));
  }

  /** The task instead of the answer where that says so, and the task can be looked at. */
  private Mono<McpSchema.CallToolOutcome> answered(Client caller, Answer answer) {
    String task = answer.awaits();
    if (task == null) {
      return Mono.just(result(answer));
    }
    return features
        .submitted()
        .get(caller, task)
        .<McpSchema.CallToolOutcome>map(TaskResult::created)
        .onErrorResume(CoordinationException.class, unseen -> Mono.just(result(answer)));
  }

  static McpSchema.CallToolOutcome result(Answer answer) {
    return McpSchema.CallToolResult.builder()
        .addContent(McpSchema.TextContent.builder(answer.text()).build())
        .structuredContent(answer.structured())
        .isError(answer.isError())
        .build();
  }

  private final class ResourceList implements McpAsyncResourceRepository {

    @Override
    public Mono<ResourcesPage> list(McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          ResourcesPage.of(
              McpResources.fixed().stream()
                  .map(
                      listed ->
                          McpSchema.Resource.builder(listed.uri(), listed.name())
                              .description(listed.description())
                              .mimeType(Replies.JSON)
                              .build())
                  .toList()));
    }

    @Override
    public Mono<ResourceTemplatesPage> listTemplates(
        McpRequestContext context, @Nullable String cursor) {
      return Mono.just(
          ResourceTemplatesPage.of(
              McpResources.templates().stream()
                  .map(
                      listed ->
                          McpSchema.ResourceTemplate.builder(listed.uri(), listed.name())
                              .description(listed.description())
                              .mimeType(Replies.JSON)
                              .build())
                  .toList()));
    }

    @Override
    public Mono<McpAsyncResource> find(McpRequestContext context, String uri) {
      return Mono.just(McpAsyncResource.of(ModernFeatures.this::read));
    }
  }

  private Mono<McpAsyncResponse<McpSchema.ReadResourceOutcome>> read(
      McpRequestContext context, McpSchema.ReadResourceRequest request) {
    return features
        .read(caller(context), request.uri())
        .<McpAsyncResponse<McpSchema.ReadResourceOutcome>>map(
            text ->
                McpAsyncResponse.result(
                    McpSchema.ReadResourceResult.builder(
                            List.of(
                                McpSchema.TextResourceContents.builder(request.uri(), text)
                                    .mimeType(Replies.JSON)
                                    .build()))
                        .ttlMs(0)
                        .cacheScope(McpSchema.CacheScope.PRIVATE)
                        .build()))
        .onErrorMap(
            CoordinationException.class,
            refused ->
                McpException.invalidParams(
                    refused.code() + ": " + refused.message(), Map.of("uri", request.uri())));
  }
}
