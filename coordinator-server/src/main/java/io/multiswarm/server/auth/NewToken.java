package io.multiswarm.server.auth;

import io.multiswarm.common.CoordinationException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that is to be made.
 *
 * @param name of the principal: {@code name} or {@code sub}
 * @param scopes words of {@link Scope}
 * @param swarms patterns
 * @param fleets that it is bound to; none for any
 * @param expires null for never, which a JWT cannot
 */
public record NewToken(
    String name,
    List<String> scopes,
    List<String> swarms,
    List<String> fleets,
    @Nullable Instant expires) {

  public NewToken {
    scopes = List.copyOf(scopes);
    swarms = List.copyOf(swarms);
    fleets = List.copyOf(fleets);
    for (String word : scopes) {
      if (Scope.of(word).isEmpty()) {
        throw CoordinationException.invalid(
            "--scopes", "\"%s\" is none of swarm, submit, observe, admin", word);
      }
    }
  }
}
