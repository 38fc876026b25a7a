package io.multiswarm.server.session;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All methods by name. What is not in it cannot be called. */
public final class MethodTable {

  private final Map<String, Method> byName;

  private MethodTable(Map<String, Method> byName) {
    this.byName = new HashMap<>(byName);
  }

  /** A part of the protocol, such as all methods on swarms. */
  @FunctionalInterface
  public interface Group {
    void addTo(Builder table);
  }

  public static MethodTable of(Collection<? extends Group> groups) {
    Builder builder = new Builder();
    groups.forEach(group -> group.addTo(builder));
    return new MethodTable(builder.byName);
  }

  @Nullable Method find(String name) {
    return byName.get(name);
  }

  /** All methods, by name. */
  public Collection<Method> all() {
    return Collections.unmodifiableCollection(new TreeMap<>(byName).values());
  }

  /** Takes the methods; each says which scope it needs. */
  public static final class Builder {

    private final Map<String, Method> byName = new HashMap<>();

    private Builder() {}

    public Builder swarm(String name, Handler handler) {
      return add(new Method(name, Scope.SWARM, false, handler));
    }

    public Builder submit(String name, Handler handler) {
      return add(new Method(name, Scope.SUBMIT, false, handler));
    }

    public Builder observe(String name, Handler handler) {
      return add(new Method(name, Scope.OBSERVE, false, handler));
    }

    public Builder admin(String name, Handler handler) {
      return add(new Method(name, Scope.ADMIN, false, handler));
    }

    /** For every session that is open. */
    public Builder session(String name, Handler handler) {
      return add(new Method(name, null, false, handler));
    }

    /** For connections whose session is not open yet. */
    public Builder opening(String name, Handler handler) {
      return add(new Method(name, null, true, handler));
    }

    private Builder add(Method method) {
      if (byName.put(method.name(), method) != null) {
        throw new IllegalStateException("Two methods have the name " + method.name());
      }
      return this;
    }
  }
}
