package io.multiswarm.server.auth;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens come from.
 *
 * @param tokensFile static tokens
 * @param jwtSecretFiles secrets for HS256; each file one
 * @param jwtKeysFile public keys: a JWKS or PEM
 * @param issuer that the {@code iss} of a JWT must be
 * @param audience that must be in its {@code aud}
 */
public record AuthSettings(
    @Nullable Path tokensFile,
    List<Path> jwtSecretFiles,
    @Nullable Path jwtKeysFile,
    @Nullable String issuer,
    @Nullable String audience) {

  /** Nobody is asked for a token. */
  public static final AuthSettings NONE = new AuthSettings(null, List.of(), null, null, null);

  public AuthSettings {
    jwtSecretFiles = List.copyOf(jwtSecretFiles);
  }

  /** Whether anybody is asked for a token. */
  public boolean isOn() {
    return tokensFile != null || hasJwt();
  }

  boolean hasJwt() {
    return !jwtSecretFiles.isEmpty() || jwtKeysFile != null;
  }
}
