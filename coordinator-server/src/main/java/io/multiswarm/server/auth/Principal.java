package io.multiswarm.server.auth;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls. Two tokens of one name are one principal, whatever else they allow.
 *
 * @param name of the token, or its {@code sub}
 * @param scopes what it may
 * @param swarms those that it may act for
 * @param fleets that it may be in
 * @param isAuthenticated whether the name was proven; else nobody was asked for a token
 */
public record Principal(
    String name,
    Set<Scope> scopes,
    SwarmPatterns swarms,
    FleetNames fleets,
    boolean isAuthenticated) {

  /**
   * Everybody where nobody is asked for a token. May call every method; but to act for a swarm
   * takes holding it.
   */
  public static final Principal ANONYMOUS =
      new Principal(
          "anonymous", EnumSet.allOf(Scope.class), SwarmPatterns.ANY, FleetNames.ANY, false);

  public Principal {
    scopes = Set.copyOf(scopes);
  }

  /** One whose name was proven by a token. */
  public static Principal of(String name, Set<Scope> scopes, SwarmPatterns swarms) {
    return of(name, scopes, swarms, FleetNames.ANY);
  }

  /** The same in some fleets only. */
  public static Principal of(
      String name, Set<Scope> scopes, SwarmPatterns swarms, FleetNames fleets) {
    return new Principal(name, scopes, swarms, fleets, true);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /** Its name; null when nobody was asked for a token. */
  public @Nullable String provenName() {
    return isAuthenticated ? name : null;
  }

  /** Whether it may act for swarms that it does not hold. */
  public boolean isAdministrator() {
    return isAuthenticated && may(Scope.ADMIN);
  }

  /**
   * An id for a swarm that it creates without naming one, so that it fits; null when any does.
   * Whether there is one is decided before, by its right to create.
   */
  public @Nullable String newSwarmId() {
    return may(Scope.ADMIN) ? null : swarms.newId();
  }

  /** Whether it may still do all that the other may. */
  public boolean mayAllThat(Principal other) {
    return scopes.containsAll(other.scopes) && swarms.equals(other.swarms) || may(Scope.ADMIN);
  }

  @Override
  public String toString() {
    return name;
  }
}
