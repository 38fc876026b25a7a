package io.multiswarm;

import io.lettuce.core.resource.ClientResources;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.RedisAccess;
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
  private final RedisAccess redisAccess;
  private final CoordinationOptions coordination;
  private final Policies policies;
  private final @Nullable ClientResources clientResources;
  private final Given given;

  /** What the application has already; null for the node's own, or for nothing. */
  private record Given(
      @Nullable Scheduler scheduler,
      @Nullable MeterRegistry meterRegistry,
      @Nullable ObservationRegistry observationRegistry) {

    private static final Given NOTHING = new Given(null, null, null);
  }

  private ConnectOptions(
      String redisUrl,
      RedisAccess redisAccess,
      CoordinationOptions coordination,
      Policies policies,
      @Nullable ClientResources clientResources,
      Given given) {
    this.redisUrl = redisUrl;
    this.redisAccess = redisAccess;
    this.coordination = coordination;
    this.policies = policies;
    this.clientResources = clientResources;
    this.given = given;
  }

  /**
   * The defaults.
   *
   * @param redisUrl {@code redis://[:password@]host[:port][/database]}, {@code rediss://…} or
   *     {@code redis-sentinel://host1,host2,host3[/database]#master}; several hosts of a cluster
   *     are separated by commas
   */
  public static ConnectOptions of(String redisUrl) {
    return new ConnectOptions(
        redisUrl,
        RedisAccess.defaults(),
        CoordinationOptions.defaults(),
        Policies.defaults(),
        null,
        Given.NOTHING);
  }

  /** The same with other credentials and TLS, which go before what the address says. */
  public ConnectOptions withRedisAccess(RedisAccess changed) {
    return new ConnectOptions(redisUrl, changed, coordination, policies, clientResources, given);
  }

  /** The same with other settings of coordination. */
  public ConnectOptions withCoordination(CoordinationOptions changed) {
    return new ConnectOptions(redisUrl, redisAccess, changed, policies, clientResources, given);
  }

  /** The same with other policies. */
  public ConnectOptions withPolicies(Policies changed) {
    return new ConnectOptions(redisUrl, redisAccess, coordination, changed, clientResources, given);
  }

  private ConnectOptions with(Given changed) {
    return new ConnectOptions(
        redisUrl, redisAccess, coordination, policies, clientResources, changed);
  }

  /**
   * For every interval, deadline and pause of the node. It must run its tasks on threads that do
   * not block, at least two; it is not disposed of with the node. By default the node has one of
   * its own.
   */
  public ConnectOptions withScheduler(Scheduler own) {
    return with(new Given(own, given.meterRegistry(), given.observationRegistry()));
  }

  /**
   * The event loops and the timer of Lettuce to use, which are not shut down with the node. By
   * default the node has its own: two threads for I/O, two for the rest.
   */
  public ConnectOptions withClientResources(ClientResources own) {
    return new ConnectOptions(redisUrl, redisAccess, coordination, policies, own, given);
  }

  /**
   * Where the node records what it does, see {@link CoordinationMetrics}, from its start to its
   * shutdown. By default nowhere.
   */
  public ConnectOptions withMeterRegistry(MeterRegistry own) {
    return with(new Given(given.scheduler(), own, given.observationRegistry()));
  }

  /**
   * Where the node observes what it sends and what its workers do, see docs/embedding.md. With
   * Micrometer's tracing behind it, a task's attempts are in the trace of its submission. By
   * default nowhere.
   */
  public ConnectOptions withObservationRegistry(ObservationRegistry own) {
    return with(new Given(given.scheduler(), given.meterRegistry(), own));
  }

  /** As it was given, with its password if it has one. */
  public String redisUrl() {
    return redisUrl;
  }

  /** Credentials and TLS. */
  public RedisAccess redisAccess() {
    return redisAccess;
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
    return given.scheduler();
  }

  /** Null for the node's own. */
  public @Nullable ClientResources clientResources() {
    return clientResources;
  }

  /** Null for none. */
  public @Nullable MeterRegistry meterRegistry() {
    return given.meterRegistry();
  }

  /** Null for none. */
  public @Nullable ObservationRegistry observationRegistry() {
    return given.observationRegistry();
  }

  @Override
  public String toString() {
    return "ConnectOptions[" + coordination + ", " + policies + "]"; // the url may have a password
  }
}
