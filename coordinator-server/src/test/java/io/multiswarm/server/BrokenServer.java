package io.multiswarm.server;

import io.multiswarm.server.client.ScriptedServer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Breaks each of its first connections in another way, and is whole on the next. */
final class BrokenServer implements ScriptedServer.Script {

  private static final int WHOLE = 9;
  private static final int SELDOM = 60_000;
  private static final int OFTEN = 50;

  private final boolean holdsUntilPinged;
  private final List<Runnable> held = new ArrayList<>();
  private boolean isPinged;

  /**
   * Creates it.
   *
   * @param holdsUntilPinged whether calls of the whole connection are not answered before a ping
   */
  BrokenServer(boolean holdsUntilPinged) {
    this.holdsUntilPinged = holdsUntilPinged;
  }

  @Override
  public synchronized void play(
      ScriptedServer.Peer peer, String method, JsonNode id, JsonNode params) {
    switch (method) {
      case "session.open" -> open(peer, id);
      case "session.ping" -> {
        isPinged = true;
        held.forEach(Runnable::run);
        held.clear();
        peer.answer(id, "{}");
      }
      case "leader.get" -> peer.close(4500, "expired");
      default -> {
        if (peer.number() >= WHOLE) {
          answer(() -> peer.answer(id, "{\"n\":" + params.get("n") + "}"));
        } else {
          harm(peer, id);
        }
      }
    }
  }

  private void open(ScriptedServer.Peer peer, JsonNode id) {
    switch (peer.number()) {
      case 6 -> peer.answer(id, "null");
      case 8 -> {
        peer.welcome(id, SELDOM);
        peer.close(4013, "too much");
      }
      default -> peer.welcome(id, peer.number() == WHOLE && holdsUntilPinged ? OFTEN : SELDOM);
    }
  }

  private void answer(Runnable answer) {
    if (isPinged || !holdsUntilPinged) {
      answer.run();
    } else {
      held.add(answer);
    }
  }

  private static void harm(ScriptedServer.Peer peer, JsonNode id) {
    switch (peer.number()) {
      case 1 -> peer.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + "}");
      case 2 -> peer.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"message\":\"no\"}}");
      case 3 -> peer.say("\"a text\"");
      case 4 -> peer.say("7");
      case 5 -> peer.say("[".repeat(100_000));
      default -> peer.close(4008, "too slow");
    }
  }
}
