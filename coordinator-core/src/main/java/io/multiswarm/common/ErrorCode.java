package io.multiswarm.common;

/**
 * The closed set of ways in which a call can be refused or fail, with the JSON-RPC code of each.
 *
 * <p>{@linkplain #retryable() Retryable} means: the same call may succeed later without being
 * changed. It says nothing about whether the failed call had an effect; every write is idempotent
 * for that reason.
 */
public enum ErrorCode {
  PARSE_ERROR(-32700, false),
  INVALID_REQUEST(-32600, false),
  METHOD_NOT_FOUND(-32601, false),
  INVALID_ARGUMENT(-32602, false),
  INTERNAL(-32603, false),
  UNAUTHENTICATED(-32001, false),
  PERMISSION_DENIED(-32002, false),
  NOT_FOUND(-32003, false),
  ALREADY_EXISTS(-32004, false),
  FAILED_PRECONDITION(-32006, false),
  CONFLICT(-32007, true),
  FENCED(-32008, false),
  RESOURCE_EXHAUSTED(-32009, true),
  NO_RESPONDERS(-32010, true),
  DEADLINE_EXCEEDED(-32011, true),
  PAYLOAD_TOO_LARGE(-32012, false),
  UNAVAILABLE(-32013, true);

  private final int wireCode;
  private final boolean retryable;

  ErrorCode(int wireCode, boolean retryable) {
    this.wireCode = wireCode;
    this.retryable = retryable;
  }

  /** The {@code error.code} of a JSON-RPC 2.0 response. */
  public int wireCode() {
    return wireCode;
  }

  /** Whether the same call may succeed later. */
  public boolean retryable() {
    return retryable;
  }
}
