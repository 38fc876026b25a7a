package io.multiswarm.server.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A method of the protocol.
 *
 * @param scope that it takes; null for what every open session may
 * @param opens whether it may be called before the session is open
 */
public record Method(String name, @Nullable Scope scope, boolean opens, Handler handler) {

  String scopeWord() {
    return scope == null ? "none" : scope.name().toLowerCase(Locale.ROOT);
  }

  boolean isAllowed(Principal principal) {
    return scope == null || principal.may(scope);
  }
}
