package io.multiswarm.server.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a token was good for when it was shown.
 *
 * @param expiresAt when it is over; null for never
 * @param proof by which it can be found out later whether it still holds: the hash of a static
 *     token, or the key that signed. Not the token itself, which nobody keeps
 */
public record AccessGrant(Principal principal, @Nullable Instant expiresAt, String proof) {

  /** Where nobody is asked for a token. */
  public static final AccessGrant ANONYMOUS = new AccessGrant(Principal.ANONYMOUS, null, "");

  boolean isOver(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  /** Without the proof, which is nobody's business. */
  @Override
  public String toString() {
    return principal + (expiresAt == null ? "" : " until " + expiresAt);
  }
}
