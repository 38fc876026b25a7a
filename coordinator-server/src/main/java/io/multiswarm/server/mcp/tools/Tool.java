package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.protocol.Params;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tool says of itself, and when it is shown. Whether a call may be made is decided where
 * every call of the protocol is, see {@link io.multiswarm.server.auth.Rights}; a token is shown the
 * tools that it can do something with.
 *
 * @param scopes one of which is enough to be shown it
 */
public record Tool(
    String name,
    String title,
    String description,
    Json inputSchema,
    @Nullable Json annotations,
    Set<Scope> scopes) {

  private static final int MOST_SCOPES = 4;

  public Tool {
    scopes = Set.copyOf(scopes);
  }

  static Tool read(Json text) {
    Params params = Params.of(text);
    EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
    params
        .strings("scopes", MOST_SCOPES)
        .forEach(word -> scopes.add(Scope.valueOf(word.toUpperCase(Locale.ROOT))));
    return new Tool(
        params.string("name"),
        params.string("title"),
        params.string("description"),
        params.object("inputSchema"),
        params.optionalObject("annotations"),
        scopes);
  }

  /** Whether that token is shown it. */
  public boolean isFor(Principal who) {
    return who.may(Scope.ADMIN) || scopes.stream().anyMatch(who::may);
  }
}
