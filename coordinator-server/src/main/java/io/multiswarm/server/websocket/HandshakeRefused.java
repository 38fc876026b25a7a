package io.multiswarm.server.websocket;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that may not become a session; the answer is HTTP's. */
public final class HandshakeRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final @Nullable Duration retryAfter;

  HandshakeRefused(HttpResponseStatus status, String why, @Nullable Duration retryAfter) {
    super(why, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  public HttpResponseStatus status() {
    return status;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
