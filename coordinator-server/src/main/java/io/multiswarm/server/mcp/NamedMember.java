package io.multiswarm.server.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which member of a request's parameters the header {@code Mcp-Name} repeats. */
public final class NamedMember {

  private static final Map<String, String> BY_METHOD =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  private NamedMember() {}

  /** Null when it repeats none of this method's. */
  public static @Nullable String of(String method) {
    return BY_METHOD.get(method);
  }
}
