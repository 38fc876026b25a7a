package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;

/**
 * By which an agent names itself in each call: who has it is the agent, on any node.
 *
 * @param swarmId of the swarm that the agent is
 * @param key that attaches it
 */
public record Handle(String swarmId, String key) {

  private static final char SEPARATOR = ':';

  /** Reads what {@link #text} wrote. */
  public static Handle parse(String text) {
    int end = text.indexOf(SEPARATOR);
    if (end < 0 || end == text.length() - 1) {
      throw CoordinationException.invalid("handle", "must be the one that join gave");
    }
    return new Handle(Ids.checkSwarm("handle", text.substring(0, end)), text.substring(end + 1));
  }

  /** For the agent to keep; it is a secret. */
  public String text() {
    return swarmId + SEPARATOR + key;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return swarmId;
  }
}
