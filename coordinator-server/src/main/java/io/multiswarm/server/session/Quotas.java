package io.multiswarm.server.session;

/**
 * What principals may have on this node.
 *
 * @param swarms held by their sessions; those that are being made or attached come on top
 * @param subscriptions to channels
 */
public record Quotas(Quota swarms, Quota subscriptions) {

  /** Nobody is refused anything. */
  public static final Quotas ANY = of(Integer.MAX_VALUE, Integer.MAX_VALUE);

  public static Quotas of(int swarms, int subscriptions) {
    return new Quotas(
        new Quota("MAX_SWARMS_PER_PRINCIPAL", "swarms", swarms),
        new Quota("MAX_SUBSCRIPTIONS_PER_PRINCIPAL", "subscriptions", subscriptions));
  }
}
