package io.multiswarm.server.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The {@code id} of a request, as it was written: an integer, or a string of at most {@link
 * #MAX_LENGTH} characters. Answers repeat it byte by byte.
 */
public final class RequestId {

  /** Characters that a string may have. */
  public static final int MAX_LENGTH = 64;

  /** Stands in the answer to what has no readable id. */
  public static final RequestId NULL = new RequestId("null".getBytes(StandardCharsets.US_ASCII));

  private final byte[] json;

  RequestId(byte[] json) {
    this.json = json;
  }

  byte[] json() {
    return json;
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
