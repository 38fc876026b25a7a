package io.multiswarm.server.session;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What one session may use.
 *
 * @param maxFrameBytes of a message
 * @param maxInFlight requests without an answer
 * @param maxSubscriptions channels
 * @param maxSwarms held at the same time
 * @param rates of what it sends
 */
public record Limits(
    int maxFrameBytes, int maxInFlight, int maxSubscriptions, int maxSwarms, Rates rates) {

  public static final int DEFAULT_IN_FLIGHT = 64;
  public static final int DEFAULT_SUBSCRIPTIONS = 1_000;
  public static final int DEFAULT_SWARMS = 1_000;

  /**
   * What it may send a second; 0 for any amount.
   *
   * @param scheduler whose clock counts
   */
  public record Rates(int messages, int bytes, Scheduler scheduler) {

    public static final Rates ANY = new Rates(0, 0, Schedulers.immediate());
  }

  public static Limits defaults(int maxFrameBytes) {
    return new Limits(
        maxFrameBytes, DEFAULT_IN_FLIGHT, DEFAULT_SUBSCRIPTIONS, DEFAULT_SWARMS, Rates.ANY);
  }

  public Limits withRates(Rates limited) {
    return new Limits(maxFrameBytes, maxInFlight, maxSubscriptions, maxSwarms, limited);
  }
}
