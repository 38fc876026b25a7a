package io.multiswarm.server.mcp;

import io.modelcontextprotocol.modern.McpSchema;
import io.multiswarm.server.mcp.tools.SubmittedTasks.Seen;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A result of the Tasks extension, which the SDK has no shape for: its members as they are sent.
 */
final class TaskResult extends AbstractMap<String, @Nullable Object>
    implements McpSchema.CallToolOutcome {

  /** What a client should leave between two looks. */
  private static final long POLL_INTERVAL_MS = 2_000;

  private final String resultType;
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  private TaskResult(String resultType) {
    this.resultType = resultType;
    members.put("resultType", resultType);
  }

  /** What says nothing but that it was done. */
  static TaskResult acknowledged() {
    return new TaskResult(McpSchema.ResultType.COMPLETE);
  }

  /** Instead of a tool's result: it will be that task's. */
  static TaskResult created(Seen task) {
    return new TaskResult("task").with(task);
  }

  /**
   * How the task stands.
   *
   * @param outcome what the tool answers; null before it does
   */
  static TaskResult of(Seen task, McpSchema.@Nullable CallToolOutcome outcome) {
    TaskResult result = acknowledged().with(task);
    if (outcome != null) {
      result.members.put("result", outcome);
    }
    return result;
  }

  private TaskResult with(Seen task) {
    members.put("taskId", task.id());
    members.put("status", task.state().name().toLowerCase(Locale.ROOT));
    members.put("statusMessage", task.said());
    members.put("createdAt", task.submittedAt().toString());
    members.put("lastUpdatedAt", task.updatedAt().toString());
    // It stays while it is under way, and after its end as long as the fleet keeps such.
    members.put("ttlMs", null);
    members.put("pollIntervalMs", POLL_INTERVAL_MS);
    return this;
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    return members.entrySet();
  }

  @Override
  public String resultType() {
    return resultType;
  }

  @Override
  public @Nullable Map<String, Object> meta() {
    return null;
  }
}
