package io.multiswarm.server.auth;

import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.FileWatch;
import io.multiswarm.server.files.WatchedFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All tokens that this server takes, static ones and JWT side by side. */
public final class Tokens {

  /** A header line of HTTP has room for about that. */
  private static final int LONGEST = 8 << 10;

  private final AuthSettings settings;
  private final @Nullable WatchedFiles<StaticTokens> statics;
  private final List<WatchedFiles<List<JwtKey>>> keyFiles = new ArrayList<>();
  private final JwtTokens jwts;

  /**
   * Reads the files. Blocks.
   *
   * @throws FileException when one cannot be used
   */
  public Tokens(AuthSettings settings) {
    this.settings = settings;
    Path tokens = settings.tokensFile();
    this.statics =
        tokens == null
            ? null
            : WatchedFiles.open(
                "AUTH_TOKENS_FILE",
                List.of(tokens),
                contents -> StaticTokens.read(contents.get(0)));
    for (Path secret : settings.jwtSecretFiles()) {
      keyFiles.add(
          WatchedFiles.open(
              "AUTH_JWT_SECRET_FILE",
              List.of(secret),
              contents -> JwtKeys.ofSecret(contents.get(0))));
    }
    Path keys = settings.jwtKeysFile();
    if (keys != null) {
      keyFiles.add(
          WatchedFiles.open(
              "AUTH_JWT_KEYS_FILE", List.of(keys), contents -> JwtKeys.ofPublic(contents.get(0))));
    }
    this.jwts = new JwtTokens(this::keys, settings.issuer(), settings.audience());
  }

  private List<JwtKey> keys() {
    return keyFiles.size() == 1
        ? keyFiles.get(0).value()
        : keyFiles.stream().flatMap(file -> file.value().stream()).toList();
  }

  /** Whether anybody is asked for a token. */
  public boolean areAskedFor() {
    return settings.isOn();
  }

  /** Has the files looked at again and again; {@code onChange} when what they allow changed. */
  public void watch(FileWatch watch, Runnable onChange) {
    if (statics != null) {
      statics.onChange(changed -> onChange.run());
      watch.add(statics);
    }
    for (WatchedFiles<List<JwtKey>> file : keyFiles) {
      file.onChange(changed -> onChange.run());
      watch.add(file);
    }
  }

  /**
   * What the token grants.
   *
   * @throws BadToken when it is not good
   */
  AccessGrant judge(String token, Instant now) {
    if (token.length() > LONGEST) {
      throw new BadToken("the token has more than " + LONGEST + " characters");
    }
    AccessGrant found = statics == null ? null : statics.value().find(token, now);
    if (found != null) {
      return found;
    }
    if (settings.hasJwt() && JwtTokens.looksLike(token)) {
      return jwts.verify(token, now);
    }
    throw new BadToken("this server does not know the token");
  }

  /** What an earlier grant is worth by today's files; null for nothing. */
  @Nullable AccessGrant current(AccessGrant earlier) {
    if (!earlier.principal().isAuthenticated()) {
      return earlier;
    }
    AccessGrant found = statics == null ? null : statics.value().current(earlier);
    return found == null ? jwts.current(earlier) : found;
  }

  /** What is accepted, for people, a line each. */
  public List<String> describe() {
    if (!settings.isOn()) {
      return List.of(
          "nobody is asked for a token: whoever reaches the port may call everything, and act for"
              + " the swarms that he holds");
    }
    Stream<String> tokens = statics == null ? Stream.of() : statics.value().describe().stream();
    Stream<String> jwt =
        settings.hasJwt()
            ? Stream.of(
                "JWT by %s; issuer %s, audience %s"
                    .formatted(
                        keys(),
                        settings.issuer() == null ? "any" : settings.issuer(),
                        settings.audience() == null ? "any" : settings.audience()))
            : Stream.of();
    return Stream.concat(tokens, jwt).toList();
  }
}
