package io.multiswarm.server.session;

import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.auth.TaskOwners;
import io.multiswarm.server.session.Method.Handler;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All methods by name. What is not in it cannot be called. */
public final class MethodTable {

  private final Map<String, Method> byName;
  private final CallMeter meter;

  private MethodTable(Map<String, Method> byName, CallMeter meter) {
    this.byName = new HashMap<>(byName);
    this.meter = meter;
  }

  /** The same methods, whose calls are told to the meter. */
  public MethodTable meteredBy(CallMeter one) {
    return new MethodTable(byName, one);
  }

  CallMeter meter() {
    return meter;
  }

  /** A part of the protocol, such as all methods on swarms. */
  @FunctionalInterface
  public interface Group {
    void addTo(Builder table);
  }

  /**
   * The methods of all groups.
   *
   * @throws IllegalStateException for a method that no right is declared for
   */
  public static MethodTable of(
      Collection<? extends Group> groups, Rights rights, TaskOwners owners) {
    Builder builder = new Builder(rights, owners);
    groups.forEach(group -> group.addTo(builder));
    return new MethodTable(builder.byName, CallMeter.NONE);
  }

  @Nullable Method find(String name) {
    return byName.get(name);
  }

  /** All methods, by name. */
  public Collection<Method> all() {
    return Collections.unmodifiableCollection(new TreeMap<>(byName).values());
  }

  /** Takes the methods. What each takes is said in {@link Rights}, and not here. */
  public static final class Builder {

    private final Rights rights;
    private final TaskOwners owners;
    private final Map<String, Method> byName = new HashMap<>();

    private Builder(Rights rights, TaskOwners owners) {
      this.rights = rights;
      this.owners = owners;
    }

    /** For sessions that are open, and may. */
    public Builder method(String name, Handler handler) {
      return add(new Method(name, rights.of(name), owners, false, false, handler));
    }

    /** The same, for answers of which a session should not get many at once. */
    public Builder large(String name, Handler handler) {
      return add(new Method(name, rights.of(name), owners, false, true, handler));
    }

    /** For connections whose session is not open yet. */
    public Builder opening(String name, Handler handler) {
      return add(new Method(name, rights.of(name), owners, true, false, handler));
    }

    private Builder add(Method method) {
      if (byName.put(method.name(), method) != null) {
        throw new IllegalStateException("Two methods have the name " + method.name());
      }
      return this;
    }
  }
}
