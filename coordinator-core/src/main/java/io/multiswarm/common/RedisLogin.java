package io.multiswarm.common;

import org.jspecify.annotations.Nullable;

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
