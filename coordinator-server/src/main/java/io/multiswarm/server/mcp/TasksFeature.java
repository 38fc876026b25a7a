package io.multiswarm.server.mcp;

import io.modelcontextprotocol.modern.McpException;
import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.server.McpAsyncResponse;
import io.modelcontextprotocol.modern.server.McpFeature;
import io.modelcontextprotocol.modern.server.McpRequestContext;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.mcp.tools.SubmittedTasks;
import io.multiswarm.server.session.Client;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The Tasks extension: who submits a task and awaits it gets the task instead of a result, and asks
 * for how it stands. An id is no secret: each request is judged by its token, as {@code task.get}
 * and {@code task.cancel} are.
 */
record TasksFeature(SubmittedTasks tasks) implements McpFeature {

  private static final String EXTENSION = "io.modelcontextprotocol/tasks";

  private static final String GET = "tasks/get";
  private static final String UPDATE = "tasks/update";
  private static final String CANCEL = "tasks/cancel";

  /** Whether the client of that request takes a task for a result. */
  static boolean isKnownTo(McpRequestContext context) {
    Map<String, Map<String, Object>> extensions = context.clientCapabilities().extensions();
    return extensions != null && extensions.containsKey(EXTENSION);
  }

  @Override
  public Set<String> methods() {
    return Set.of(GET, UPDATE, CANCEL);
  }

  @Override
  public void capabilities(McpSchema.ServerCapabilities.Builder capabilities) {
    capabilities.extension(EXTENSION, Map.of());
  }

  @Override
  public Mono<McpAsyncResponse<TaskResult>> handle(
      McpRequestContext context, @Nullable Object params) {
    if (!isKnownTo(context)) {
      return Mono.error(
          McpException.missingClientCapability(
              McpSchema.ClientCapabilities.builder()
                  .extensions(Map.of(EXTENSION, Map.of()))
                  .build()));
    }
    if (!(params instanceof Map<?, ?> all && all.get("taskId") instanceof String id)) {
      return Mono.error(McpException.invalidParams("taskId: must be a string"));
    }
    Client caller = Visit.callerOf(context.transportContext());
    return Mono.defer(() -> answer(caller, context.method(), id))
        .onErrorMap(CoordinationException.class, TasksFeature::refused)
        .map(McpAsyncResponse::result);
  }

  private Mono<TaskResult> answer(Client caller, String method, String id) {
    return switch (method) {
      case GET -> tasks.get(caller, id).map(TasksFeature::told);
      // Nobody is ever asked for input, so no answer to that is outstanding.
      case UPDATE -> tasks.get(caller, id).thenReturn(TaskResult.acknowledged());
      default -> tasks.cancel(caller, id).thenReturn(TaskResult.acknowledged());
    };
  }

  private static TaskResult told(SubmittedTasks.Seen task) {
    return TaskResult.of(
        task, task.outcome() == null ? null : ModernFeatures.result(task.outcome()));
  }

  private static McpException refused(CoordinationException refused) {
    boolean isPassing = refused.code().retryable() || refused.is(ErrorCode.INTERNAL);
    return new McpException(
        isPassing ? McpSchema.ErrorCodes.INTERNAL_ERROR : McpSchema.ErrorCodes.INVALID_PARAMS,
        refused.code() + ": " + refused.message());
  }
}
