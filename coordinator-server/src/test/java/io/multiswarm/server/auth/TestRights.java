package io.multiswarm.server.auth;

import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** Rights of methods that tests make up. */
public final class TestRights {

  /** For methods that ask for no task. */
  public static final TaskOwners NO_TASKS = taskId -> Mono.empty();

  private final Map<String, Right> rights = new TreeMap<>();

  private TestRights() {}

  /** Those of a session, and none else. */
  public static TestRights rights() {
    return new TestRights().everybody("session.open", "session.ping", "session.refresh");
  }

  public TestRights everybody(String... methods) {
    for (String method : methods) {
      rights.put(method, Right.EVERYBODY);
    }
    return this;
  }

  public TestRights with(Scope scope, String... methods) {
    for (String method : methods) {
      rights.put(method, Right.of(scope, Subject.ALL));
    }
    return this;
  }

  public Rights build() {
    return Rights.of(rights);
  }
}
