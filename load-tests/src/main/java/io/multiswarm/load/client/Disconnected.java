package io.multiswarm.load.client;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;

/** The connection ended while something was still expected of it. */
public final class Disconnected extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int closeCode;

  Disconnected(int closeCode, String reason) {
    this(
        "The server closed the connection with %d %s".formatted(closeCode, reason).strip(),
        closeCode);
  }

  private Disconnected(String message, int closeCode) {
    super(message, null, false, false);
    this.closeCode = closeCode;
  }

  /** The server said goodbye. */
  static Disconnected with(WebSocketCloseStatus status) {
    return new Disconnected(status.code(), status.reasonText());
  }

  /** The connection broke without a word from the server. */
  static Disconnected broken(IOException cause) {
    return new Disconnected("The connection to the server was lost: " + cause.getMessage(), 0);
  }

  /** As the server gave it; 0 when it gave none. */
  public int closeCode() {
    return closeCode;
  }
}
