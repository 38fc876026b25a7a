package io.multiswarm.server.session;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A connection that keeps what it is told. Its thread is the test's, in {@link #runAll}. */
public final class FakePeer implements Peer {

  /** Whoever has such a connection. */
  public static final Client CLIENT = new Client(InetAddress.getLoopbackAddress(), null);

  public final List<String> sent = new ArrayList<>();
  public @Nullable CloseCode closed;
  public boolean reading = true;
  public int wakeUps;
  public int refusals;
  private final Queue<Runnable> actions = new ArrayDeque<>();

  @Override
  public void send(byte[] utf8) {
    sent.add(new String(utf8, StandardCharsets.UTF_8));
  }

  @Override
  public void wake() {
    wakeUps++;
  }

  @Override
  public void pauseReading() {
    reading = false;
  }

  @Override
  public void resumeReading() {
    reading = true;
  }

  @Override
  public void refused() {
    refusals++;
  }

  @Override
  public void close(CloseCode code, String reason) {
    closed = code;
  }

  @Override
  public void cutOff(CloseCode code, String reason) {
    closed = code;
  }

  @Override
  public void execute(Runnable action) {
    actions.add(action);
  }

  /** Runs what was given to {@link #execute}, and what that gives. */
  public void runAll() {
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      action.run();
    }
  }

  /** What was sent since the last call. */
  public List<String> takeSent() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }
}
