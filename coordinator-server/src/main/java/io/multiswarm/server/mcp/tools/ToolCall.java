package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.server.mcp.agent.Handle;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import java.time.Duration;

/**
 * One call of a tool.
 *
 * @param caller with the grant of its token
 * @param follows whether the client, told that a task was submitted, follows it by itself
 */
public record ToolCall(Client caller, Params arguments, boolean follows) {

  /** Clients give up after 60 s. */
  static final int LONGEST_WAIT = 50;

  Handle handle() {
    return Handle.parse(arguments.string("handle"));
  }

  Duration waits(int byDefault) {
    return Duration.ofSeconds(arguments.integer("waitSeconds", byDefault, 0, LONGEST_WAIT));
  }

  CoordinationException unknown(String name, String words) {
    return arguments.refused(name, "must be one of " + words);
  }
}
