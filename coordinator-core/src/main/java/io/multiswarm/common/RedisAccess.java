package io.multiswarm.common;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node and Redis prove themselves to each other. What suppliers give is asked for again with
 * each connection, on a thread that may block, so that passwords and certificates can change
 * without a restart; open connections stay as they are.
 *
 * @param login null for what the address says
 * @param sentinelLogin null when Sentinel asks for none
 * @param tls used when the address says {@code rediss://} or {@code rediss-sentinel://}, for
 *     Sentinel too
 * @param serverName the name that certificates must have, whatever address they were reached at;
 *     null for the host of the address
 * @param verify null for what the address says, which is {@link Verify#FULL} by default
 */
public record RedisAccess(
    @Nullable Supplier<RedisLogin> login,
    @Nullable Supplier<RedisLogin> sentinelLogin,
    Supplier<RedisTls> tls,
    @Nullable String serverName,
    @Nullable Verify verify) {

  /** What is asked of Redis's certificate. */
  public enum Verify {
    /** Vouched for, and with the name of the server. */
    FULL,
    /** Vouched for. */
    CA,
    /** Nothing: whoever sits between reads and changes everything. */
    NONE
  }

  /** What the address says, and Java's own authorities. */
  public static RedisAccess defaults() {
    return new RedisAccess(null, null, () -> RedisTls.DEFAULT, null, null);
  }

  /** The same with a login that goes before the address's; null for the address's. */
  public RedisAccess withLogin(@Nullable Supplier<RedisLogin> given) {
    return new RedisAccess(given, sentinelLogin, tls, serverName, verify);
  }

  /** The same with a login to Sentinels; null for none. */
  public RedisAccess withSentinelLogin(@Nullable Supplier<RedisLogin> given) {
    return new RedisAccess(login, given, tls, serverName, verify);
  }

  /** The same with other certificates. */
  public RedisAccess withTls(Supplier<RedisTls> given) {
    return new RedisAccess(login, sentinelLogin, given, serverName, verify);
  }

  /** The same with the name that certificates must have; null for the host of the address. */
  public RedisAccess withServerName(@Nullable String given) {
    return new RedisAccess(login, sentinelLogin, tls, given, verify);
  }

  /** The same with another demand on certificates; null for what the address says. */
  public RedisAccess withVerify(@Nullable Verify given) {
    return new RedisAccess(login, sentinelLogin, tls, serverName, given);
  }

  /**
   * Who a node is for Redis.
   *
   * @param user null for Redis's default user
   */
  public record RedisLogin(@Nullable String user, String password) {

    /** Of Redis's default user. */
    public static RedisLogin of(String password) {
      return new RedisLogin(null, password);
    }

    @Override
    public String toString() {
      return "RedisLogin[" + (user == null ? "default" : user) + "]"; // never the password
    }
  }
}
