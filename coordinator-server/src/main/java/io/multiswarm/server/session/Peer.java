package io.multiswarm.server.session;

/**
 * The connection of a session, as the session sees it.
 *
 * <p><b>Threading.</b> All methods may be called from any thread and return at once.
 */
public interface Peer {

  /** Sends a text message, after those sent before and ahead of notifications that wait. */
  void send(byte[] utf8);

  /** Tells that {@link Session#nextNotification} may have something. */
  void wake();

  /** Stops reading what the client sends, until {@link #resumeReading}. */
  void pauseReading();

  void resumeReading();

  /**
   * Tells that the client asked for more at once than it may; who goes on is read less. Where each
   * request waits for the answer to the one before there is nothing to slow.
   */
  default void refused() {}

  /** Closes, after what was sent before; what is sent later goes nowhere. */
  void close(CloseCode code, String reason);

  /** Closes at once; what was sent before and waits goes nowhere. */
  void cutOff(CloseCode code, String reason);

  /** Runs the action on the connection's thread, after what that does now. */
  void execute(Runnable action);
}
