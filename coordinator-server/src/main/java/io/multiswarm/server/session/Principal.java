package io.multiswarm.server.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who a session is.
 *
 * @param name for the log
 * @param scopes whose methods it may call
 * @param administrator whether it may act for swarms that it does not hold
 */
public record Principal(String name, Set<Scope> scopes, boolean administrator) {

  /**
   * Everybody where nobody is asked for a token. May call every method; but to act for a swarm
   * takes holding it.
   */
  public static final Principal ANONYMOUS =
      new Principal("anonymous", EnumSet.allOf(Scope.class), false);

  public Principal {
    scopes = Set.copyOf(scopes);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
