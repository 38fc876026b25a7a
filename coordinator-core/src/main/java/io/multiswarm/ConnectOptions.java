package io.multiswarm;

import io.lettuce.core.resource.ClientResources;
import io.multiswarm.common.CoordinationOptions;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Everything that a node is made from. One tree: this object has the connection and what the
 * application gives, {@link CoordinationOptions} the settings of coordination, {@link Policies}
 * what the parts of a node decide when nobody says otherwise. Immutable; each {@code with} makes
 * another one.
 */
public final class ConnectOptions {

  private final String redisUrl;
  private final CoordinationOptions coordination;
  private final Policies policies;
  private final @Nullable Scheduler scheduler;
  private final @Nullable ClientResources clientResources;

  private ConnectOptions(
      String redisUrl,
      CoordinationOptions coordination,
      Policies policies,
      @Nullable Scheduler scheduler,
      @Nullable ClientResources clientResources) {
    this.redisUrl = redisUrl;
    this.coordination = coordination;
    this.policies = policies;
    this.scheduler = scheduler;
    this.clientResources = clientResources;
  }

  /**
   * The defaults.
   *
   * @param redisUrl {@code redis://[:password@]host[:port][/database]}, {@code rediss://…} or
   *     {@code redis-sentinel://…}
   */
  public static ConnectOptions of(String redisUrl) {
    return new ConnectOptions(
        redisUrl, CoordinationOptions.defaults(), Policies.defaults(), null, null);
  }

  /** The same with other settings of coordination. */
  public ConnectOptions withCoordination(CoordinationOptions changed) {
    return new ConnectOptions(redisUrl, changed, policies, scheduler, clientResources);
  }

  /** The same with other policies. */
  public ConnectOptions withPolicies(Policies changed) {
    return new ConnectOptions(redisUrl, coordination, changed, scheduler, clientResources);
  }

  /**
   * For every interval, deadline and pause of the node. It must run its tasks on threads that do
   * not block, at least two; it is not disposed of with the node. By default the node has one of
   * its own.
   */
  public ConnectOptions withScheduler(Scheduler given) {
    return new ConnectOptions(redisUrl, coordination, policies, given, clientResources);
  }

  /**
   * The event loops and the timer of Lettuce to use, which are not shut down with the node. By
   * default the node has its own: two threads for I/O, two for the rest.
   */
  public ConnectOptions withClientResources(ClientResources given) {
    return new ConnectOptions(redisUrl, coordination, policies, scheduler, given);
  }

  /** As it was given, with its password if it has one. */
  public String redisUrl() {
    return redisUrl;
  }

  /** The settings of coordination. */
  public CoordinationOptions coordination() {
    return coordination;
  }

  /** What the parts of the node decide by themselves. */
  public Policies policies() {
    return policies;
  }

  /** Null for one of the node's own. */
  public @Nullable Scheduler scheduler() {
    return scheduler;
  }

  /** Null for the node's own. */
  public @Nullable ClientResources clientResources() {
    return clientResources;
  }

  @Override
  public String toString() {
    return "ConnectOptions[" + coordination + ", " + policies + "]"; // the url may have a password
  }
}
