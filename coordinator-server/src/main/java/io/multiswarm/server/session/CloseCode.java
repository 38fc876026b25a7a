package io.multiswarm.server.session;

/** Why the server closes a connection. Those below 4500 invite the client to come back. */
public enum CloseCode {
  PROTOCOL_ERROR(1002),
  INVALID_TEXT(1007),
  TOO_BIG(1009),
  DRAINING(4001),
  SLOW_CONSUMER(4008),
  NO_PONG(4012),
  RATE_LIMIT(4013),
  BAD_TOKEN(4500),
  BAD_MESSAGES(4501),
  NO_OPEN(4502),
  FORBIDDEN(4503),
  LIMIT_REACHED(4504);

  private final int status;

  CloseCode(int status) {
    this.status = status;
  }

  /** The status code of the close frame. */
  public int status() {
    return status;
  }
}
