package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.server.auth.FleetNames;
import io.multiswarm.server.auth.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fleets that this process serves, each of its own name. A session is in one of them. */
public final class Fleets {

  private final Map<String, Fleet> byName = new LinkedHashMap<>();
  private final Fleet first;

  /**
   * @param all at least one; the first is where a session is that nothing leads elsewhere
   */
  public Fleets(List<Fleet> all) {
    this.first = all.get(0);
    all.forEach(fleet -> byName.put(fleet.name(), fleet));
  }

  public Fleet first() {
    return first;
  }

  public boolean areSeveral() {
    return byName.size() > 1;
  }

  /** Whether a token is good for each of them. */
  public boolean areAllFor(Principal who) {
    return byName.keySet().stream().allMatch(who.fleets()::include);
  }

  /**
   * The one that is asked for; else the first of those that the token is bound to, or of all.
   *
   * <p>Refuses with {@code PERMISSION_DENIED} what the token is not for, whether or not there is
   * such a fleet, and with {@code INVALID_ARGUMENT} one that is not served here.
   */
  public Fleet choose(@Nullable String asked, Principal who) {
    FleetNames bound = who.fleets();
    if (asked != null) {
      return named(asked, bound);
    }
    if (bound.any()) {
      return first;
    }
    for (String name : bound.names()) {
      Fleet fleet = byName.get(name);
      if (fleet != null) {
        return fleet;
      }
    }
    throw CoordinationException.of(
        ErrorCode.PERMISSION_DENIED, "fleet: the token is for %s, which is not served here", bound);
  }

  private Fleet named(String name, FleetNames bound) {
    Ids.check("fleet", name);
    if (!bound.include(name)) {
      throw CoordinationException.of(
          ErrorCode.PERMISSION_DENIED, "fleet: the token is for %s, not for %s", bound, name);
    }
    Fleet fleet = byName.get(name);
    if (fleet == null) {
      throw CoordinationException.invalid(
          "fleet", "%s is not served here, but %s", name, served(bound));
    }
    return fleet;
  }

  /** As much as who asks may know. */
  private String served(FleetNames bound) {
    if (first.name().isEmpty()) {
      return "one without a name, which is to be left out";
    }
    List<String> known = byName.keySet().stream().filter(bound::include).toList();
    return known.isEmpty() ? "others" : String.join(", ", known);
  }
}
