package io.multiswarm.server.session;

/** What principals may have on this node. */
public final class Quotas {

  /** Nobody is refused anything. */
  public static final Quotas ANY = of(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final Quota swarms;
  private final Quota subscriptions;

  private Quotas(Quota swarms, Quota subscriptions) {
    this.swarms = swarms;
    this.subscriptions = subscriptions;
  }

  /** So many swarms, and so many subscriptions to channels. */
  public static Quotas of(int swarms, int subscriptions) {
    return new Quotas(
        new Quota("MAX_SWARMS_PER_PRINCIPAL", "swarms", swarms),
        new Quota("MAX_SUBSCRIPTIONS_PER_PRINCIPAL", "subscriptions", subscriptions));
  }

  /** Held by their sessions; those that are being made or attached come on top. */
  Quota swarms() {
    return swarms;
  }

  /** To channels. */
  Quota subscriptions() {
    return subscriptions;
  }
}
