package io.multiswarm.server.session;

/**
 * What one session may use.
 *
 * @param maxFrameBytes of a message that a client sends
 * @param maxInFlight requests without an answer
 * @param maxSubscriptions channels
 * @param maxSwarms held at the same time
 */
public record Limits(int maxFrameBytes, int maxInFlight, int maxSubscriptions, int maxSwarms) {

  public static final int DEFAULT_IN_FLIGHT = 64;
  public static final int DEFAULT_SUBSCRIPTIONS = 1_000;
  public static final int DEFAULT_SWARMS = 1_000;

  public static Limits defaults(int maxFrameBytes) {
    return new Limits(maxFrameBytes, DEFAULT_IN_FLIGHT, DEFAULT_SUBSCRIPTIONS, DEFAULT_SWARMS);
  }
}
